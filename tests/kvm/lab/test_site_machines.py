"""Machines are a pure function of the declaration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from uuid import UUID

import pytest

from inventory.host import (
    Disk,
    DiskBySerial,
    DiskByWwn,
    Firmware,
    Host,
    MatchRule,
    Nic,
    NicModel,
    RehearsedMachine,
)
from inventory.network import PROXY, Network
from inventory.site import Site
from kvm.errors import LabTooSmall, NothingToRehearse
from kvm.lab.limits import Limits, Role
from kvm.lab.site_machines import site_machines
from kvm.machine import BootFirst, DiskBus, VirtualDisk, VirtualMachine, VirtualNic

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
STORAGE = Network("storage", "10.8.0.0/24", interface="eth2", address="10.8.0.1")
LAB = PurePath("/lab")
LIMITS = Limits(memory_mib=100_000, cpus=4)
WWN = "5000c500a1b2c3d4"


def machines(*hosts: Host, limits: Limits = LIMITS) -> tuple[VirtualMachine, ...]:
    site = Site("home", networks=[LAN, STORAGE], hosts=hosts)
    return site_machines(site, LAB, limits, {"cp1": Role.CONTROL_PLANE, "w1": Role.WORKER})


def machine(host: Host, limits: Limits = LIMITS) -> VirtualMachine:
    (only,) = machines(host, limits=limits)
    return only


def test_everything_declared_is_what_the_machine_has() -> None:
    declared = Host(
        "cp1",
        nics=[
            Nic("52-54-00-07-00-11", network="lan"),
            Nic("5254.0007.0012", network="storage", model=NicModel.E1000),
        ],
        firmware=Firmware.BIOS,
        disks=[Disk(30, serial="SN1"), Disk(40, wwn=f"naa.{WWN}", rotational=True)],
        cpus=3,
        memory_gib=6,
        serial="CHASSIS-1",
        system_uuid="4c4c4544-0042-4610-8057-c2c04f343233",
    )
    assert machine(declared) == VirtualMachine(
        name="cp1",
        uuid=UUID("4c4c4544-0042-4610-8057-c2c04f343233"),
        serial="CHASSIS-1",
        firmware=Firmware.BIOS,
        cpus=3,
        memory_mib=6144,
        console=LAB / "cp1" / "console.log",
        nvram=LAB / "cp1" / "nvram.fd",
        nics=(
            VirtualNic("52:54:00:07:00:11", "eth1"),
            VirtualNic("52:54:00:07:00:12", "eth2", NicModel.E1000),
        ),
        disks=(
            VirtualDisk(LAB / "cp1" / "disk-1.qcow2", 30, "SN1"),
            VirtualDisk(
                LAB / "cp1" / "disk-2.qcow2",
                40,
                "CE7569886D6EBB60",
                bus=DiskBus.SCSI,
                wwn=WWN,
                rotational=True,
            ),
        ),
        boot_first=BootFirst.DISK,
    )


def test_what_is_left_open_follows_the_names_of_site_and_host() -> None:
    bare = Host("w1")
    first, again, other = machine(bare), machine(bare), machine(replace(bare, name="w2"))
    assert first == again
    for left, right in (
        (first.uuid, other.uuid),
        (first.serial, other.serial),
        (first.nics[0].mac, other.nics[0].mac),
        (first.disks[0].serial, other.disks[0].serial),
    ):
        assert left != right
    assert first.uuid == UUID("6aee817c-5eea-5846-bc6e-d52dc99bca8f")
    assert first.nics[0].mac.startswith("52:54:00:")


def test_a_host_known_by_rule_is_rehearsed_as_it_says() -> None:
    rule = MatchRule(
        min_nics=2,
        firmware=Firmware.BIOS,
        rehearse_as=RehearsedMachine(nics=2, memory_gib=3, disk_gib=50, cpus=2),
    )
    stand_in = machine(Host("w1", match=rule, install_on=DiskBySerial("SN-OF-RULE")))
    assert stand_in.firmware is Firmware.BIOS
    assert (stand_in.cpus, stand_in.memory_mib) == (2, 3072)
    assert [disk.size_gib for disk in stand_in.disks] == [50]
    assert stand_in.disks[0].serial == "SN-OF-RULE"
    assert len({nic.mac for nic in stand_in.nics}) == 2
    assert {nic.bridge for nic in stand_in.nics} == {"eth1"}


def test_declared_cards_of_a_rule_are_kept_before_those_made_up() -> None:
    rule = MatchRule(rehearse_as=RehearsedMachine(nics=2))
    known, made_up = machine(Host("w1", nics=[Nic("525400070012")], match=rule)).nics
    assert known.mac == "52:54:00:07:00:12"
    assert made_up.mac != known.mac


def test_a_rule_that_says_nothing_about_rehearsing_is_refused() -> None:
    with pytest.raises(NothingToRehearse, match=r"host w1 is matched only by a rule: say what"):
        machine(Host("w1", match=MatchRule()))
    assert machine(Host("w1", nics=[Nic("525400070012")], match=MatchRule())).name == "w1"


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (replace(LAN, dhcp=PROXY), "network lan has its addresses from a DHCP server of the site"),
        (replace(LAN, relays=["10.7.0.9"]), "network lan is behind relays"),
    ],
)
def test_a_network_whose_addresses_come_from_elsewhere_is_refused(
    network: Network, words: str
) -> None:
    site = Site("home", networks=[network], hosts=[Host("w1", nics=[Nic("525400070012")])])
    with pytest.raises(NothingToRehearse, match=words):
        site_machines(site, LAB, LIMITS, {"w1": Role.WORKER})


def test_a_card_on_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(NothingToRehearse, match="52:54:00:07:00:12 is on network attic"):
        machine(Host("w1", nics=[Nic("52:54:00:07:00:12", network="attic")]))


@pytest.mark.parametrize("written", [WWN, f"0x{WWN.upper()}", f"naa.{WWN}", f"wwn-0x{WWN}"])
def test_the_disk_to_install_on_is_there_by_its_name(written: str) -> None:
    (disk,) = machine(Host("w1", install_on=DiskByWwn(written))).disks
    assert (disk.bus, disk.wwn) == (DiskBus.SCSI, WWN)
    (disk,) = machine(Host("w1", install_on=DiskBySerial("SN9"))).disks
    assert (disk.bus, disk.serial) == (DiskBus.VIRTIO, "SN9")


def test_a_serial_that_virtio_would_cut_is_on_a_scsi_disk() -> None:
    long = "S" * 21
    (disk,) = machine(Host("w1", install_on=DiskBySerial(long))).disks
    assert (disk.bus, disk.serial, disk.wwn) == (DiskBus.SCSI, long, None)
    (disk,) = machine(Host("w1", disks=[Disk(serial=long[:20])])).disks
    assert disk.bus is DiskBus.VIRTIO


def test_a_wwn_that_no_virtual_disk_can_have_is_refused() -> None:
    with pytest.raises(NothingToRehearse, match="16 hexadecimal digits"):
        machine(Host("w1", disks=[Disk(wwn="naa.600508b1001c4d3fa1b2c3d4e5f60718")]))


def test_limits_are_kept() -> None:
    large = Host("w1", cpus=64, memory_gib=512)
    limited = machine(large, Limits(memory_mib=8192, cpus=2, machine_memory_mib=8192))
    assert (limited.cpus, limited.memory_mib) == (2, 8192)
    # Two of them do not fit: each gets what its role usually has.
    limits = Limits(memory_mib=8192, cpus=2, machine_memory_mib=8192)
    both = machines(replace(large, name="cp1"), large, limits=limits)
    assert [one.memory_mib for one in both] == [3072, 2048]
    with pytest.raises(LabTooSmall):
        machine(large, Limits(memory_mib=1000))


def test_a_host_without_a_role_is_plain() -> None:
    plain = machine(Host("spare"))
    assert (plain.cpus, plain.memory_mib) == (1, 2048)
