from __future__ import annotations

import pytest

from kvm.probe_sector import DISK_BYTES, EXIT_PORT, SAID, SAID_STATUS, SECTOR, probe_disk

pytestmark = pytest.mark.unit

LOADED_AT = 0x7C00
GDT, LONG_MODE = 0x7C80 - LOADED_AT, 0x7C53 - LOADED_AT


def test_a_disk_that_a_bios_boots_from() -> None:
    disk = probe_disk()
    assert len(disk) == DISK_BYTES
    assert disk[SECTOR - 2 : SECTOR] == b"\x55\xaa"
    assert not any(disk[SECTOR:])


def test_what_is_jumped_to_and_pointed_at_lies_where_it_is_said_to() -> None:
    code = probe_disk()[:SECTOR]
    far_jump = code[LONG_MODE - 5 : LONG_MODE]
    assert far_jump == b"\xea" + (LOADED_AT + LONG_MODE).to_bytes(2, "little") + b"\x08\x00"
    assert code[LONG_MODE : LONG_MODE + 5] == b"\xb8\x10\x00\x00\x00"
    null, code_segment, data_segment = (code[GDT + at : GDT + at + 8] for at in (0, 8, 16))
    assert null == bytes(8)
    # Present, executable, 64 bit (L); present, writable (Intel SDM vol. 3, 3.4.5).
    assert (code_segment[5], code_segment[6]) == (0x9A, 0x20)
    assert data_segment[5] == 0x92
    limit_and_address = code[GDT + 24 : GDT + 30]
    assert limit_and_address == (23).to_bytes(2, "little") + (LOADED_AT + GDT).to_bytes(4, "little")
    assert b"\x0f\x01\x16\x98\x7c" in code  # lgdt [7c98]
    assert LOADED_AT + GDT + 24 == 0x7C98


def test_it_speaks_on_the_port_that_ends_qemu() -> None:
    assert bytes((0xE6, EXIT_PORT)) in probe_disk()[:SECTOR]
    assert SAID_STATUS == 2 * SAID + 1
