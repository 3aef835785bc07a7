from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from uuid import UUID

import pytest

from inventory.contribution import DnsRecord
from inventory.host import Host, MatchRule, Nic, RelayPort
from inventory.machine_state import MachineState
from inventory.network import Clients
from inventory.site import Site
from provisioner.agent.messages import NicReport
from provisioner.protocol.boot.desired import Desired
from provisioner.protocol.boot.network_plan import link_of, name_service_of, zones_of
from provisioner.protocol.dhcp.link import Identities, Link, NetbootAnswer, Pool, Reservation
from provisioner.protocol.dns.name import labels_of, reverse_name, text_of
from provisioner.protocol.dns.zone import NoLeases
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


def test_what_else_hosts_are_known_by() -> None:
    """A switch port gets its machine the address and no name: the machine may be another one."""
    uuid = UUID("12345678-9abc-def0-1122-334455667788")
    port = RelayPort("Gi0/3", "00:04:ff")
    host = replace(HOST, client_id="w1", system_uuid=str(uuid), relay_port=port)
    link = link_of(LAN, replace(SITE, hosts=(host,)), (), frozenset(), URL)
    assert link.identities == Identities(
        by_client_id={b"w1": FIXED},
        by_uuid={uuid: FIXED},
        by_port={(b"Gi0/3", b"\0\4\xff"): Reservation(FIXED.address)},
    )
    elsewhere = replace(LAN, name="dmz", subnet="10.8.0.0/24")
    site = replace(SITE, networks=(elsewhere,), hosts=(host,))
    assert link_of(elsewhere, site, (), frozenset(), URL).identities is None


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
    records = (DnsRecord("api.home.example", "10.7.0.11"), DnsRecord("*.apps.x", "10.7.0.11"))
    zones = zones_of(Desired(site=site, records=records))
    assert text_of(zones.domain) == "home.example"
    assert text_of(zones.server_name) == "ns.home.example"
    assert {text_of(name): one[0].address for name, one in zones.addresses.items()} == {
        "cp1.home.example": "10.7.0.11",
        "api.home.example": "10.7.0.11",
        "*.apps.x": "10.7.0.11",
        "ns.home.example": "10.7.0.1",
    }
    assert {text_of(name): host for name, host in zones.hosts.items()} == {"w1.home.example": "w1"}
    (pointer,) = zones.pointers[reverse_name(IPv4Address("10.7.0.11"))]
    assert pointer.name == "cp1.home.example"


def test_a_host_may_have_the_name_of_the_server() -> None:
    zones = zones_of(Desired(site=replace(SITE, hosts=(replace(HOST, name="ns"),))))
    assert [one.address for one in zones.addresses[labels_of("ns.home.example")]] == ["10.7.0.11"]


def test_what_is_no_record_is_not_served() -> None:
    wrong = (DnsRecord("API.home.example", "10.7.0.11"), DnsRecord("b.home.example", "x"))
    assert zones_of(Desired(site=SITE, records=wrong)) == zones_of(Desired(site=SITE))


def test_without_a_site_nothing_is_answered_for_and_to_nobody() -> None:
    assert zones_of(Desired()).addresses == {}
    assert name_service_of(Desired(), NoLeases()).clients == ()


def test_every_network_is_answered_and_the_rest_is_asked_of_the_forwarders() -> None:
    other = replace(LAN, name="dmz", subnet="10.8.0.0/24", address="10.8.0.1")
    site = replace(SITE, networks=(LAN, other), forwarders=("192.0.2.53",))
    leased = NoLeases()
    service = name_service_of(Desired(site=site), leased)
    assert service.clients == (IPv4Network("10.7.0.0/24"), IPv4Network("10.8.0.0/24"))
    assert service.forwarders == (IPv4Address("192.0.2.53"),)
    assert service.zones == zones_of(Desired(site=site))
    assert service.leased is leased
