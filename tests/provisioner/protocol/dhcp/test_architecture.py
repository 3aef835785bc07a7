from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.host import Firmware
from provisioner.protocol.dhcp.architecture import (
    Architecture,
    BootProgram,
    architectures,
    boot_program,
    firmware_of,
    known_architecture,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("number", "architecture", "firmware", "program"),
    [
        (0x00, Architecture.X86_BIOS, Firmware.BIOS, BootProgram.BIOS),
        (0x06, Architecture.X86_UEFI, Firmware.UEFI, None),
        (0x07, Architecture.X64_UEFI, Firmware.UEFI, BootProgram.UEFI_X64),
        (0x09, Architecture.X64_UEFI_AS_EBC, Firmware.UEFI, BootProgram.UEFI_X64),
        (0x0B, Architecture.ARM64_UEFI, Firmware.UEFI, None),
        (0x10, Architecture.X64_UEFI_HTTP, Firmware.UEFI, BootProgram.UEFI_X64_BY_HTTP),
        (0x13, Architecture.ARM64_UEFI_HTTP, Firmware.UEFI, None),
        (0x14, Architecture.X86_BIOS_HTTP, Firmware.BIOS, None),
    ],
)
def test_table(
    number: int, architecture: Architecture, firmware: Firmware, program: BootProgram | None
) -> None:
    assert known_architecture((number,)) is architecture
    assert firmware_of(architecture) is firmware
    assert boot_program(architecture) is program


def test_option_93_is_a_list_of_which_the_first_known_counts() -> None:
    assert architectures(b"\x7f\xff\x00\x09\x00\x07") == (0x7FFF, 9, 7)
    assert known_architecture((0x7FFF, 9, 7)) is Architecture.X64_UEFI_AS_EBC
    assert known_architecture((0x7FFF,)) is None


@given(st.binary(max_size=30))
def test_any_bytes_are_some_numbers(option: bytes) -> None:
    assert len(architectures(option)) == len(option) // 2
