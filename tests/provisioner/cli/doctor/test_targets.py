from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.admin import Admin
from provisioner.cli.doctor.observation import Expected
from provisioner.cli.doctor.targets import Target, targets
from tests.peers.daemon_child import DaemonChild

SITE = """\
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
dmz = Network("dmz", "10.8.0.0/24", interface="eth2", address="10.8.0.1", lease_time=600)
cp1 = Host("CP1", nics=[Nic("52:54:00:07:00:11")], address="10.8.0.11", install_on=AnyBlank())
site = Site("small", networks=[lan, dmz], hosts=[cp1], domain="home.example")


def deploy(maestro):
    pass
"""
LAN = Expected(
    "lan",
    IPv4Address("10.7.0.1"),
    IPv4Network("10.7.0.0/24"),
    3600,
    (("ns.home.example", "10.7.0.1"),),
)
DMZ = Expected(
    "dmz",
    IPv4Address("10.8.0.1"),
    IPv4Network("10.8.0.0/24"),
    600,
    (("ns.home.example", "10.8.0.1"), ("cp1.home.example", "10.8.0.11")),
)


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    path = tmp_path / "site.py"
    path.write_text(SITE)
    return path


@pytest.fixture
def nobody(tmp_path: Path) -> Admin:
    return Admin(tmp_path / "admin.sock")


@pytest.mark.unit
def test_of_a_declaration(site_file: Path, nobody: Admin) -> None:
    assert targets(site_file, None, None, nobody) == [Target("eth1", LAN), Target("eth2", DMZ)]
    assert targets(site_file, None, "dmz", nobody) == [Target("eth2", DMZ)]
    assert targets(site_file, "enp3s0", "lan", nobody) == [Target("enp3s0", LAN)]
    site_file.write_text(SITE.replace(', domain="home.example"', ""))
    assert [
        one.expected.names for one in targets(site_file, None, None, nobody) if one.expected
    ] == [
        (),
        (),
    ]


@pytest.mark.unit
def test_a_network_behind_a_relay_is_looked_at_from_within(site_file: Path, nobody: Admin) -> None:
    relayed = SITE.replace('address="10.8.0.1"', 'address="10.7.0.1", relays=["10.8.0.254"]')
    site_file.write_text(relayed.replace("eth2", "eth1"))
    assert [one.interface for one in targets(site_file, None, None, nobody)] == ["eth1"]
    (there,) = targets(site_file, "eth0", "dmz", nobody)
    assert there.expected is not None
    assert (there.expected.server, there.expected.network) == (IPv4Address("10.7.0.1"), "dmz")


@pytest.mark.unit
def test_of_an_interface_alone(nobody: Admin) -> None:
    assert targets(None, "enp3s0", None, nobody) == [Target("enp3s0", None)]


@pytest.mark.unit
def test_what_can_not_be_looked_at(site_file: Path, nobody: Admin) -> None:
    for file, interface, network, words in (
        (site_file, None, "wan", "there is no network wan here"),
        (site_file, "enp3s0", None, "--network is one of: lan, dmz"),
        (None, None, None, "To look from another computer: provisioner doctor --interface IF"),
    ):
        with pytest.raises(OperatorError, match=words):
            targets(file, interface, network, nobody)


@pytest.mark.protocol
def test_of_what_is_served_here(served: DaemonChild) -> None:
    admin = Admin(served.state / "admin.sock")
    assert targets(None, None, None, admin) == [
        Target("lan0", Expected("lan", IPv4Address("10.7.0.1")))
    ]
    with pytest.raises(OperatorError, match="there is no network dmz"):
        targets(None, None, "dmz", admin)
