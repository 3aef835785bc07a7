"""Option 93: what kind of machine asks, and which of our network boot programs it can run.

An architecture is not a firmware: several architectures are UEFI, and x64 has three numbers (RFC
4578 and its erratum on 7 and 9, IANA's "Processor Architecture Types").
"""

from __future__ import annotations

import struct
from enum import Enum, IntEnum, auto

from inventory.host import Firmware


class Architecture(IntEnum):
    """IANA's numbers that machines are known to send."""

    X86_BIOS = 0x00
    X86_UEFI = 0x06
    X64_UEFI = 0x07
    X64_UEFI_AS_EBC = 0x09
    ARM32_UEFI = 0x0A
    ARM64_UEFI = 0x0B
    X86_UEFI_HTTP = 0x0F
    X64_UEFI_HTTP = 0x10
    ARM32_UEFI_HTTP = 0x12
    ARM64_UEFI_HTTP = 0x13
    X86_BIOS_HTTP = 0x14
    RISCV32_UEFI = 0x19
    RISCV64_UEFI = 0x1B
    LOONGARCH32_UEFI = 0x25
    LOONGARCH64_UEFI = 0x27


class BootProgram(Enum):
    """A network boot program that we serve."""

    BIOS = auto()
    UEFI_X64 = auto()
    UEFI_X64_BY_HTTP = auto()


_PROGRAMS = {
    Architecture.X86_BIOS: BootProgram.BIOS,
    Architecture.X64_UEFI: BootProgram.UEFI_X64,
    Architecture.X64_UEFI_AS_EBC: BootProgram.UEFI_X64,
    Architecture.X64_UEFI_HTTP: BootProgram.UEFI_X64_BY_HTTP,
}
_KNOWN = {int(architecture): architecture for architecture in Architecture}
_BIOS = frozenset({Architecture.X86_BIOS, Architecture.X86_BIOS_HTTP})


def architectures(option: bytes) -> tuple[int, ...]:
    """The numbers in option 93, best first; an odd last byte is passed over."""
    return struct.unpack_from(f"!{len(option) // 2}H", option)


def known_architecture(numbers: tuple[int, ...]) -> Architecture | None:
    """The first number that we know."""
    return next((_KNOWN[number] for number in numbers if number in _KNOWN), None)


def firmware_of(architecture: Architecture) -> Firmware:
    """What starts such a machine."""
    return Firmware.BIOS if architecture in _BIOS else Firmware.UEFI


def boot_program(architecture: Architecture) -> BootProgram | None:
    """The program such a machine can run; None where we serve none."""
    return _PROGRAMS.get(architecture)
