"""Disks that boot and say one line on the serial port: proof that a machine started its own disk."""

from __future__ import annotations

import struct
from pathlib import Path

WORDS = b"THIS IS MY OWN DISK\r\n"

# lodsb; test al, al; jz done; out dx, al; jmp lodsb; done: hlt; jmp done
_SAY = bytes.fromhex("AC 84C0 7403 EE EBF8 F4 EBFD")
_SERIAL_PORT = struct.pack("<H", 0x3F8)


def bios_disk(path: Path) -> None:
    """A boot sector on a disk of one MiB."""
    # cld; xor ax, ax; mov ds, ax; mov si, words; mov dx, serial port
    words_at = 0x7C00 + 22
    code = bytes.fromhex("FC 31C0 8ED8 BE") + struct.pack("<H", words_at)
    sector = code + b"\xba" + _SERIAL_PORT + _SAY + WORDS + b"\0"
    path.write_bytes(sector.ljust(510, b"\0") + b"\x55\xaa" + bytes(1024 * 1024 - 512))


def uefi_folder(folder: Path) -> None:
    """What is on the EFI partition of a disk, to be given to QEMU's `fat:` driver."""
    program = folder / "EFI" / "BOOT" / "BOOTX64.EFI"
    program.parent.mkdir(parents=True)
    program.write_bytes(_efi_program())


def _efi_program() -> bytes:
    """A PE32+ application of one section (PE format specification; UEFI 2.10, 2.1.1)."""
    # lea rsi, [rip + words]; mov dx, serial port
    code = bytes.fromhex("488D35") + struct.pack("<I", 15) + b"\x66\xba" + _SERIAL_PORT + _SAY
    text = (code + WORDS + b"\0").ljust(0x200, b"\0")
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 1, 0, 0, 0, 240, 0x22)
    optional = struct.pack("<HBBIIIII", 0x20B, 0, 0, len(text), 0, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHI", 0x10000000, 0x1000, 0x200, 0, 0, 0, 0, 0, 0, 0)
    optional += struct.pack("<IIIHHQQQQII", 0x2000, 0x200, 0, 10, 0, 0, 0, 0, 0, 0, 16)
    section = struct.pack(
        "<8sIIIIIIHHI", b".text", len(text), 0x1000, len(text), 0x200, 0, 0, 0, 0, 0x60000020
    )
    headers = dos + coff + optional.ljust(240, b"\0") + section
    return headers.ljust(0x200, b"\0") + text
