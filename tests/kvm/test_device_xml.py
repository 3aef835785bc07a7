from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import PurePath

import pytest

from inventory.host import NicModel
from kvm.device_xml import append_disk, append_nic
from kvm.machine import DiskBus, VirtualDisk, VirtualNic

pytestmark = pytest.mark.unit

LONG = "S5GXNX0T123456789012345678"


def disk_element(bus: DiskBus, position: int = 0, *, rotational: bool = False) -> str:
    devices = ET.Element("devices")
    wwn = "5000c500a1b2c3d4"
    disk = VirtualDisk(PurePath("/d"), 8, LONG, bus=bus, wwn=wwn, rotational=rotational)
    append_disk(devices, disk, position, boot_order=7)
    return ET.tostring(devices[0], encoding="unicode")


def nic_element(model: NicModel, *, option_rom: bool) -> str:
    devices = ET.Element("devices")
    nic = VirtualNic("52:54:00:07:00:11", "eth1", model)
    append_nic(devices, nic, boot_order=2, option_rom=option_rom)
    return ET.tostring(devices[0], encoding="unicode")


def test_virtio_disk_carries_twenty_characters_of_serial_and_no_wwn() -> None:
    assert disk_element(DiskBus.VIRTIO) == (
        '<disk type="file" device="disk">'
        '<driver name="qemu" type="qcow2" cache="unsafe" discard="unmap" />'
        '<source file="/d" /><target dev="vda" bus="virtio" />'
        "<serial>S5GXNX0T123456789012</serial>"
        '<boot order="7" /></disk>'
    )


@pytest.mark.parametrize("bus", [DiskBus.SATA, DiskBus.SCSI])
def test_other_disks_carry_all_of_it(bus: DiskBus) -> None:
    assert disk_element(bus, 25, rotational=True) == (
        '<disk type="file" device="disk">'
        '<driver name="qemu" type="qcow2" cache="unsafe" discard="unmap" />'
        f'<source file="/d" /><target dev="sdz" bus="{bus}" rotation_rate="7200" />'
        f"<serial>{LONG}</serial><wwn>5000c500a1b2c3d4</wwn>"
        '<boot order="7" /></disk>'
    )


def test_a_card_with_and_without_its_own_boot_program() -> None:
    assert nic_element(NicModel.VIRTIO, option_rom=False) == (
        '<interface type="bridge"><mac address="52:54:00:07:00:11" /><source bridge="eth1" />'
        '<model type="virtio" /><driver name="qemu" /><rom enabled="no" />'
        '<boot order="2" /></interface>'
    )
    assert nic_element(NicModel.E1000, option_rom=True) == (
        '<interface type="bridge"><mac address="52:54:00:07:00:11" /><source bridge="eth1" />'
        '<model type="e1000" /><boot order="2" /></interface>'
    )
