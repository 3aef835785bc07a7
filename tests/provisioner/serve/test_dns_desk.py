from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.answer import Elsewhere
from provisioner.protocol.dns.event import QueryAnswered, QueryMalformed
from provisioner.protocol.dns.name_service import NameService
from provisioner.protocol.dns.upstream import Question, Told
from provisioner.protocol.dns.zone import Zones
from provisioner.serve.dns_desk import DnsDesk
from tests.provisioner.serve.upstreams import values

pytestmark = pytest.mark.unit

CLIENT, OUTSIDER = "10.7.0.50", "10.9.0.50"


def service(*addresses: str, forwarders: tuple[IPv4Address, ...] = ()) -> NameService:
    zones = Zones.of(
        domains=("home.example",),
        records=[DnsRecord("cp1.home.example", address) for address in addresses],
        subnets=(),
        server_name="ns.home.example",
    )
    return NameService(zones, (IPv4Network("10.7.0.0/24"),), forwarders)


@dataclass
class World:
    service: NameService
    now: float = 1000.0
    told: list[object] = field(default_factory=list[object])

    def __post_init__(self) -> None:
        self.desk = DnsDesk(
            lambda: self.service, self.told.append, lambda: self.now, self.ask_nobody
        )

    async def ask_nobody(self, _: Question, __: Sequence[IPv4Address]) -> Told | None:
        return None

    def asks(
        self, name: str = "cp1.home.example.", *, id: int = 0, peer: str = CLIENT, tcp: bool = False
    ) -> list[str]:
        """The addresses; or the answer code."""
        query = dns.message.make_query(name, "A", id=id)
        wire = self.desk.at_once(query.to_wire(), peer, over_tcp=tcp)
        assert isinstance(wire, bytes)
        reply = dns.message.from_wire(wire)
        assert query.is_response(reply)
        return values(reply) or [reply.rcode().name]


@pytest.mark.parametrize("tcp", [False, True])
def test_kept_answers_have_the_id_of_the_query_and_take_turns(tcp: bool) -> None:
    world = World(service("10.7.0.11", "10.7.0.12"))
    for _ in range(3):
        assert world.asks(id=6, tcp=tcp) == ["10.7.0.11", "10.7.0.12"]
        assert world.asks(id=7, tcp=tcp) == ["10.7.0.12", "10.7.0.11"]


def test_what_is_cut_for_one_transport_is_whole_for_the_other() -> None:
    world = World(service(*(f"10.7.0.{at}" for at in range(1, 100))))
    for _ in range(2):
        assert len(world.asks(tcp=True)) == 99
        assert len(world.asks()) < 99


@pytest.mark.parametrize("tcp", [False, True])
def test_a_change_is_answered_at_once(tcp: bool) -> None:
    world = World(service("10.7.0.11"))
    assert world.asks(tcp=tcp) == ["10.7.0.11"]
    world.service = service("10.7.0.99")
    assert world.asks(tcp=tcp) == ["10.7.0.99"]


@pytest.mark.parametrize("tcp", [False, True])
def test_outsiders_are_refused_even_what_others_were_answered(tcp: bool) -> None:
    world = World(service("10.7.0.11", forwarders=(IPv4Address("192.0.2.53"),)))
    assert world.asks(tcp=tcp) == ["10.7.0.11"]
    for name in ("cp1.home.example.", "www.example.com."):
        assert world.asks(name, peer=OUTSIDER, tcp=tcp) == ["REFUSED"]
    world.service = NameService(world.service.zones, ())
    assert world.asks(tcp=tcp) == ["REFUSED"], "the client's network is gone"


def test_a_client_that_is_well_is_told_once_in_a_while_and_every_problem() -> None:
    world = World(service("10.7.0.11"))
    for _ in range(3):
        world.asks()
        world.asks("w9.home.example.")
    well = QueryAnswered(IPv4Address(CLIENT), "cp1.home.example.", "A", "NOERROR", "udp")
    missing = QueryAnswered(IPv4Address(CLIENT), "w9.home.example.", "A", "NXDOMAIN", "udp")
    assert world.told == [well, missing, missing, missing]
    world.now += 5
    world.asks()
    assert world.told[4:] == [well]


@pytest.mark.parametrize("peer", [CLIENT, OUTSIDER])
def test_what_is_no_query_gets_no_answer(peer: str) -> None:
    world = World(service())
    reply = dns.message.make_response(dns.message.make_query("a.", "A")).to_wire()
    for data in (b"", b"\0\1\0", reply):
        assert world.desk.at_once(data, peer, over_tcp=False) is None
    assert [type(event) for event in world.told] == [QueryMalformed] * 3


@given(st.binary(max_size=100), st.sampled_from([CLIENT, OUTSIDER]), st.booleans())
def test_no_bytes_raise_anything(data: bytes, peer: str, tcp: bool) -> None:
    world = World(service("10.7.0.11", forwarders=(IPv4Address("192.0.2.53"),)))
    for _ in range(2):
        answer = world.desk.at_once(data, peer, over_tcp=tcp)
        assert isinstance(answer, bytes | Elsewhere | None)
        assert not isinstance(answer, bytes) or answer[:2] == data[:2]
    assert not any("Fault" in type(event).__name__ for event in world.told)


@pytest.mark.parametrize("forwarders", [(), (IPv4Address("192.0.2.53"),)])
def test_the_rest_is_asked_of_the_forwarders_if_there_are_any(
    forwarders: tuple[IPv4Address, ...],
) -> None:
    world = World(service("10.7.0.11", forwarders=forwarders))
    query = dns.message.make_query("www.example.com.", "A")
    if not forwarders:
        assert world.asks("www.example.com.") == ["REFUSED"]
        return
    wanted = world.desk.at_once(query.to_wire(), CLIENT, over_tcp=False)
    assert isinstance(wanted, Elsewhere)
    assert wanted == Elsewhere(query, over_tcp=False)

    async def later() -> None:
        async with asyncio.TaskGroup() as tasks:
            world.desk.forwarder.start(tasks)
            wire = await world.desk.later(wanted, CLIENT)
            assert wire is not None
            assert dns.message.from_wire(wire).rcode().name == "SERVFAIL"

    asyncio.run(later())
    assert world.told[-1] == QueryAnswered(
        IPv4Address(CLIENT), "www.example.com.", "A", "SERVFAIL", "udp"
    )
