"""Option 93: what kind of machine asks, and which network boot programs it can run.

An architecture is not a firmware: several architectures are UEFI, and x64 has three numbers (RFC 4578 and
its erratum on 7 and 9). The table has every number of IANA's "Processor Architecture Types" that firmware
in use sends; where nobody builds an iPXE for it, it has no program.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from inventory.host import Firmware

_BIOS = ("undionly.kpxe",)
_X64 = ("snponly.efi",)
_X86 = ("snponly-i386.efi", "ipxe-i386.efi")
_ARM32 = ("snponly-arm32.efi", "ipxe-arm32.efi")
_ARM64 = ("snponly-arm64.efi", "ipxe-arm64.efi")
_RISCV32 = ("snponly-riscv32.efi", "ipxe-riscv32.efi")
_RISCV64 = ("snponly-riscv64.efi", "ipxe-riscv64.efi")
_LOONG64 = ("snponly-loong64.efi", "ipxe-loong64.efi")

SHIPPED = frozenset((*_BIOS, *_X64))
"""The programs that are there with every installation; the others where somebody has put them."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """`programs` are what it can run, the best first: a `snponly` uses the firmware's own driver for the
    card, so that it runs on cards that iPXE has no driver for. `by_http`: it loads them by HTTP."""

    name: str
    firmware: Firmware
    programs: tuple[str, ...] = ()
    by_http: bool = False

    def program_of(self, present: frozenset[str]) -> str | None:
        """The best of its programs that is there."""
        return next((program for program in self.programs if program in present), None)


def _uefi(name: str, programs: tuple[str, ...] = ()) -> Architecture:
    return Architecture(f"{name} UEFI", Firmware.UEFI, programs)


def _uefi_http(name: str, programs: tuple[str, ...] = ()) -> Architecture:
    return Architecture(f"{name} UEFI HTTP", Firmware.UEFI, programs, by_http=True)


ARCHITECTURES: dict[int, Architecture] = {
    0x00: Architecture("x86 BIOS", Firmware.BIOS, _BIOS),
    0x02: _uefi("Itanium"),
    0x06: _uefi("x86", _X86),
    0x07: _uefi("x64", _X64),
    0x09: _uefi(
        "x64", _X64
    ),  # EBC by the erratum; firmware that read the RFC's first text sends it
    0x0A: _uefi("ARM 32-bit", _ARM32),
    0x0B: _uefi("ARM 64-bit", _ARM64),
    0x0E: Architecture("POWER OPAL", Firmware.UEFI),
    0x0F: _uefi_http("x86", _X86),
    0x10: _uefi_http("x64", _X64),
    0x11: _uefi_http("x64", _X64),  # EBC, as 9 is
    0x12: _uefi_http("ARM 32-bit", _ARM32),
    0x13: _uefi_http("ARM 64-bit", _ARM64),
    0x14: Architecture("x86 BIOS HTTP", Firmware.BIOS, _BIOS, by_http=True),
    0x15: Architecture("ARM 32-bit U-Boot", Firmware.UEFI),
    0x16: Architecture("ARM 64-bit U-Boot", Firmware.UEFI),
    0x17: Architecture("ARM 32-bit U-Boot HTTP", Firmware.UEFI, by_http=True),
    0x18: Architecture("ARM 64-bit U-Boot HTTP", Firmware.UEFI, by_http=True),
    0x19: _uefi("RISC-V 32-bit", _RISCV32),
    0x1A: _uefi_http("RISC-V 32-bit", _RISCV32),
    0x1B: _uefi("RISC-V 64-bit", _RISCV64),
    0x1C: _uefi_http("RISC-V 64-bit", _RISCV64),
    0x1D: _uefi("RISC-V 128-bit"),
    0x1E: _uefi_http("RISC-V 128-bit"),
    0x25: _uefi("LoongArch 32-bit"),
    0x26: _uefi_http("LoongArch 32-bit"),
    0x27: _uefi("LoongArch 64-bit", _LOONG64),
    0x28: _uefi_http("LoongArch 64-bit", _LOONG64),
    0x29: Architecture("Raspberry Pi", Firmware.UEFI),
}

PROGRAMS = frozenset(
    program for architecture in ARCHITECTURES.values() for program in architecture.programs
)
"""The names of all programs that any architecture runs."""


def architectures(option: bytes) -> tuple[int, ...]:
    """The numbers in option 93, best first; an odd last byte is passed over."""
    return struct.unpack_from(f"!{len(option) // 2}H", option)


def known_architecture(numbers: Iterable[int]) -> Architecture | None:
    """The first number that we know."""
    return next((ARCHITECTURES[number] for number in numbers if number in ARCHITECTURES), None)
