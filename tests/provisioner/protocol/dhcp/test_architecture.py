from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.host import Firmware
from provisioner.protocol.dhcp.architecture import (
    ARCHITECTURES,
    PROGRAMS,
    SHIPPED,
    architectures,
    known_architecture,
)

pytestmark = pytest.mark.unit

BIOS, UEFI = Firmware.BIOS, Firmware.UEFI
# IANA's number, the firmware, by HTTP, and the program where every one of ours is there.
TABLE = [
    (0x00, BIOS, False, "undionly.kpxe"),
    (0x02, UEFI, False, None),
    (0x06, UEFI, False, "snponly-i386.efi"),
    (0x07, UEFI, False, "snponly.efi"),
    (0x09, UEFI, False, "snponly.efi"),
    (0x0A, UEFI, False, "snponly-arm32.efi"),
    (0x0B, UEFI, False, "snponly-arm64.efi"),
    (0x0E, UEFI, False, None),
    (0x0F, UEFI, True, "snponly-i386.efi"),
    (0x10, UEFI, True, "snponly.efi"),
    (0x11, UEFI, True, "snponly.efi"),
    (0x12, UEFI, True, "snponly-arm32.efi"),
    (0x13, UEFI, True, "snponly-arm64.efi"),
    (0x14, BIOS, True, "undionly.kpxe"),
    (0x15, UEFI, False, None),
    (0x16, UEFI, False, None),
    (0x17, UEFI, True, None),
    (0x18, UEFI, True, None),
    (0x19, UEFI, False, "snponly-riscv32.efi"),
    (0x1A, UEFI, True, "snponly-riscv32.efi"),
    (0x1B, UEFI, False, "snponly-riscv64.efi"),
    (0x1C, UEFI, True, "snponly-riscv64.efi"),
    (0x1D, UEFI, False, None),
    (0x1E, UEFI, True, None),
    (0x25, UEFI, False, None),
    (0x26, UEFI, True, None),
    (0x27, UEFI, False, "snponly-loong64.efi"),
    (0x28, UEFI, True, "snponly-loong64.efi"),
    (0x29, UEFI, False, None),
]


def test_the_table_as_one() -> None:
    read = [
        (number, one.firmware, one.by_http, one.program_of(PROGRAMS))
        for number, one in ARCHITECTURES.items()
    ]
    assert read == TABLE


def test_what_is_shipped_runs_on_pcs_only() -> None:
    run = {number for number, one in ARCHITECTURES.items() if one.program_of(SHIPPED)}
    assert run == {0x00, 0x07, 0x09, 0x10, 0x11, 0x14}


def test_the_next_best_program_where_the_best_is_not_there() -> None:
    arm = ARCHITECTURES[0x0B]
    assert arm.program_of(frozenset({"ipxe-arm64.efi", "snponly.efi"})) == "ipxe-arm64.efi"
    assert arm.program_of(SHIPPED) is None


def test_option_93_is_a_list_of_which_the_first_known_counts() -> None:
    assert architectures(b"\x7f\xff\x00\x09\x00\x07") == (0x7FFF, 9, 7)
    assert known_architecture((0x7FFF, 9, 7)) is ARCHITECTURES[9]
    assert known_architecture((0x7FFF,)) is None


@given(st.binary(max_size=30))
def test_any_bytes_are_some_numbers(option: bytes) -> None:
    assert len(architectures(option)) == len(option) // 2
