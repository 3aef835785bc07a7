from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from inventory.contribution import DnsRecord
from inventory.host import Host, MatchRule, Nic
from inventory.machine_state import MachineState
from inventory.network import Clients
from inventory.site import Site
from provisioner.agent.messages import NicReport
from provisioner.protocol.boot.desired import Desired
from provisioner.protocol.boot.network_plan import link_of, zones_of
from provisioner.protocol.dhcp.link import Link, NetbootAnswer, Pool, Reservation
from tests.provisioner.protocol.boot.values import (
    HOST,
    LAN,
    MAC,
    OTHER_MAC,
    REPORT,
    SITE,
    machine,
)

pytestmark = pytest.mark.unit

URL = "http://10.7.0.1"
FIXED = Reservation(IPv4Address("10.7.0.11"), "cp1")


def test_a_network_as_the_dhcp_server_serves_it() -> None:
    network = replace(LAN, gateway="10.7.0.254", dns=("10.7.0.2",), ntp=("10.7.0.3",), mtu=9000)
    assert link_of(network, replace(SITE, networks=(network,)), (), frozenset(), URL) == Link(
        interface="eth1",
        address=IPv4Address("10.7.0.1"),
        subnet=IPv4Network("10.7.0.0/24"),
        pool=Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.199")),
        lease_time=3600,
        gateway=IPv4Address("10.7.0.254"),
        dns=(IPv4Address("10.7.0.2"),),
        ntp=(IPv4Address("10.7.0.3"),),
        mtu=9000,
        domain="home.example",
        netboot=NetbootAnswer(URL),
        reservations={MAC: FIXED},
    )


def test_whom_a_network_answers() -> None:
    network = replace(
        LAN,
        clients=Clients.ANY,
        authoritative=True,
        exclude=("10.7.0.101",),
        search=("home.example",),
    )
    link = link_of(network, replace(SITE, networks=(network,)), (), frozenset(), URL)
    assert (link.answers_everyone, link.authoritative) == (True, True)
    assert link.excluded == {int(IPv4Address("10.7.0.101"))}
    assert link.options == ((119, b"\4home\7example\0"),)


def test_second_cards_are_known_without_an_address() -> None:
    host = replace(HOST, nics=(Nic(MAC), Nic(OTHER_MAC)))
    link = link_of(LAN, replace(SITE, hosts=(host,)), (), frozenset(), URL)
    assert link.reservations == {MAC: FIXED, OTHER_MAC: Reservation()}


def test_a_host_known_by_rule_gets_its_address_once_a_machine_is_it() -> None:
    host = Host("cp1", address="10.7.0.11", match=MatchRule())
    site = Site("home", [LAN], [host])
    cards = (*REPORT.nics, NicReport("eth1", OTHER_MAC, "x", False))
    known = machine(MachineState.ASSIGNED, report=replace(REPORT, nics=cards))
    waiting = machine(MachineState.INVENTORIED)
    assert link_of(LAN, site, (waiting,), frozenset(), URL).reservations == {}
    assert link_of(LAN, site, (known,), frozenset(), URL).reservations == {
        MAC: FIXED,
        OTHER_MAC: Reservation(),
    }


def test_names_of_hosts_and_of_contributions() -> None:
    second = Host("w1", [Nic(OTHER_MAC)])
    site = replace(SITE, hosts=(HOST, second))
    api = DnsRecord("api.home.example", "10.7.0.11")
    zones = zones_of(Desired(site=site, records=(api,)), {"w1": "10.7.0.100"})
    assert zones.domains == ("home.example",)
    assert zones.server_name == "ns.home.example"
    assert {name: one[0].address for name, one in zones.addresses.items()} == {
        "cp1.home.example": "10.7.0.11",
        "w1.home.example": "10.7.0.100",
        "api.home.example": "10.7.0.11",
    }
    assert zones.pointers[IPv4Address("10.7.0.11")].name == "cp1.home.example"


def test_without_a_site_nothing_is_answered_for() -> None:
    assert zones_of(Desired(), {}).addresses == {}
