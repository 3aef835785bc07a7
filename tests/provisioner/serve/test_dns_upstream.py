from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from provisioner.protocol.dns.upstream import Question
from provisioner.serve.dns_upstream import Upstream
from tests.namespaces import NetworkNamespace, segment
from tests.provisioner.serve.upstreams import ByHand, Dnsmasq, replied, values

pytestmark = pytest.mark.protocol

FIRST, SECOND = IPv4Address("10.7.0.53"), IPv4Address("10.7.0.54")
NOBODY, OURSELVES = IPv4Address("10.7.0.99"), IPv4Address("10.7.0.1")


def question(name: str, kind: str = "A") -> Question:
    return Question(dns.name.from_text(name), dns.rdatatype.from_text(kind), False, False)


@dataclass
class Wire:
    """We, and two places for forwarders."""

    us: NetworkNamespace
    first: NetworkNamespace
    second: NetworkNamespace

    def ask(
        self, asked: Question, *forwarders: IPv4Address, by: Upstream | None = None
    ) -> list[str] | None:
        """The records of the answer; None if there is none."""
        upstream = by or Upstream()
        told = self.us.call(lambda: asyncio.run(upstream.ask(asked, forwarders)))
        return None if told is None else values(told.message)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with segment() as made:
        yield Wire(
            made.station("eth0", "10.7.0.1/24"),
            made.station("eth0", f"{FIRST}/24"),
            made.station("eth0", f"{SECOND}/24"),
        )


def test_a_real_server_is_asked_and_by_tcp_for_what_is_long(wire: Wire, tmp_path: Path) -> None:
    long = ",".join("x" * 200 for _ in range(10))
    records = ("--host-record=www.example,192.0.2.1", f"--txt-record=long.example,{long}")
    dnsmasq = Dnsmasq(wire.first, tmp_path / "log", *records)
    assert wire.ask(question("www.example"), FIRST) == ["192.0.2.1"]
    assert wire.ask(question("nothing.example"), FIRST) == []
    assert str(wire.ask(question("long.example", "TXT"), FIRST)).count("x") == 2_000
    dnsmasq.stop()


def test_the_next_one_is_asked_when_one_is_silent_and_the_good_one_first_then(wire: Wire) -> None:
    with (
        ByHand(wire.first, lambda _: []) as silent,
        ByHand(wire.second, lambda query: [replied(query, "192.0.2.1")]) as good,
    ):
        upstream = Upstream()
        for name in ("a.example", "b.example"):
            assert wire.ask(question(name), FIRST, SECOND, by=upstream) == ["192.0.2.1"]
    assert (len(silent.queries), len(good.queries)) == (1, 2)


def test_nobody_is_waited_for_longer_than_a_client_waits(wire: Wire) -> None:
    """One that isn't there, one at which nothing listens, and two that are silent."""
    with ByHand(wire.first, lambda _: []), ByHand(wire.second, lambda _: []) as last:
        begun = time.monotonic()
        assert wire.ask(question("a.example"), NOBODY, OURSELVES, FIRST, SECOND) is None
        assert time.monotonic() - begun < 4.9
    assert len(last.queries) == 1


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_the_next_one_is_asked_when_one_is_unable(wire: Wire, code: dns.rcode.Rcode) -> None:
    def unable(query: dns.message.Message) -> list[bytes]:
        reply = dns.message.make_response(query)
        reply.set_rcode(code)
        return [reply.to_wire()]

    with (
        ByHand(wire.first, unable) as first,
        ByHand(wire.second, lambda query: [replied(query, "192.0.2.1")]),
    ):
        assert wire.ask(question("a.example"), FIRST, SECOND) == ["192.0.2.1"]
        assert wire.ask(question("a.example"), FIRST) is None
    assert len(first.queries) == 2, "whoever says that he can't isn't asked again"


def test_a_lost_datagram_is_sent_again(wire: Wire) -> None:
    def second_time(query: dns.message.Message) -> list[bytes]:
        return [replied(query, "192.0.2.1")] if len(server.queries) > 1 else []

    with ByHand(wire.first, second_time) as server:
        assert wire.ask(question("a.example"), FIRST) == ["192.0.2.1"]
    assert len(set(server.ports)) == 2
    assert len({query.id for query in server.queries}) == 2


def test_only_the_answer_to_the_question_is_taken(wire: Wire) -> None:
    def with_lies(query: dns.message.Message) -> list[bytes]:
        other = dns.message.make_query("bank.example.", "A", id=query.id)
        return [
            b"",
            b"\xff" * 40,
            replied(query, "192.0.2.66", id=query.id ^ 1),
            replied(other, "192.0.2.66"),
            query.to_wire(),
            replied(query, "192.0.2.1"),
        ]

    with ByHand(wire.first, with_lies):
        assert wire.ask(question("a.example"), FIRST) == ["192.0.2.1"]


def test_ports_and_ids_are_hard_to_guess(wire: Wire) -> None:
    with ByHand(wire.first, lambda query: [replied(query, "192.0.2.1")]) as server:
        for _ in range(20):
            wire.ask(question("a.example"), FIRST)
    assert len(set(server.ports)) > 10
    assert len({query.id for query in server.queries}) > 10
