"""What GRUB's own installer would patch, and a configuration that decides by files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.images import grub

pytestmark = pytest.mark.unit

BOOT_IMAGE = bytes(range(256)) * 2


@given(st.integers(min_value=1, max_value=1 << 40))
def test_the_first_sector_names_the_core_and_leaves_the_partition_table_alone(sector: int) -> None:
    code = grub.first_sector(BOOT_IMAGE, sector)
    assert len(code) == 440
    assert int.from_bytes(code[0x5C:0x64], "little") == sector
    assert code[0x66:0x68] == b"\x90\x90"
    untouched = (slice(0, 0x5C), slice(0x64, 0x66), slice(0x68, 440))
    assert all(code[part] == BOOT_IMAGE[part] for part in untouched)


@given(st.binary(min_size=1024, max_size=4096), st.integers(min_value=1, max_value=1 << 40))
def test_the_core_is_told_where_its_second_sector_lies(core: bytes, sector: int) -> None:
    placed = grub.placed_core(core, sector)
    assert int.from_bytes(placed[0x1F4:0x1FC], "little") == sector + 1
    assert placed[:0x1F4] + placed[0x1FC:] == core[:0x1F4] + core[0x1FC:]


def test_the_whole_configuration() -> None:
    assert grub.CONFIGURATION == (
        "serial --unit=0 --speed=115200\n"
        "terminal_output console serial\n"
        'set ign=""\n'
        "if [ -f /ignition.firstboot ]; then\n"
        '    set ignition_args=""\n'
        "    source /ignition.firstboot\n"
        '    set ign="ignition.firstboot ignition.platform.id=metal $ignition_args"\n'
        "fi\n"
        'set node_args=""\n'
        "if [ -f /node-args.cfg ]; then source /node-args.cfg; fi\n"
        'set always="root=LABEL=root ro console=tty0 console=ttyS0,115200 loglevel=4 '
        'systemd.show_status=1"\n'
        'set always="$always rd.shell=0 rd.emergency=reboot panic=10"\n'
        "linux /vmlinuz $always $node_args $ign\n"
        "initrd /initrd.img\n"
        "boot\n"
    )
