from __future__ import annotations

import pytest

from inventory import BIOS, AnyBlank, Disk, Host, Network, Nic, Site
from provisioner.cli.declaration_file import read_declaration
from tests.structure.tree import ROOT
from vagrant.machines import machines_of

pytestmark = pytest.mark.unit


def test_the_machines_are_those_of_the_example() -> None:
    site = read_declaration(ROOT / "examples/home_office.py").require_sound()
    assert (ROOT / "vagrant/machines.json").read_text() == machines_of(site) + "\n"


def test_a_machine_has_what_its_host_declares() -> None:
    lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
    host = Host(
        "w1",
        nics=[Nic("52:54:00:07:00:12")],
        firmware=BIOS,
        disks=[Disk(size_gib=30, serial="S1")],
        cpus=4,
        memory_gib=8,
        install_on=AnyBlank(),
    )
    told = machines_of(Site("home", networks=[lan], hosts=[host]))
    for part in (
        '"netmask": "255.255.255.0"',
        '"mac": "52:54:00:07:00:12"',
        '"firmware": "bios"',
        '"cpus": 4',
        '"memory_mib": 8192',
        '"disk_gib": 30',
        '"serial": "S1"',
    ):
        assert part in told
