"""Bytes that are no query, or one that is meant to cost much."""

from __future__ import annotations

import contextlib
import time

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.answer import Elsewhere, answer, decide
from provisioner.protocol.dns.zone import NoLeases, Zones
from provisioner.protocol.errors import MalformedDnsMessage
from tests.provisioner.protocol.dns.values import ZONES, asked

pytestmark = pytest.mark.unit


def test_no_question_is_a_format_error() -> None:
    answered = answer(dns.message.Message(id=7).to_wire(), ZONES, over_tcp=False)
    assert (answered.result, answered.name, answered.type) == ("FORMERR", "", "")


def questions(count: int) -> bytes:
    """Names of 255 bytes, each a pointer into the labels of the first one."""
    first = b"".join(b"\x3f" + bytes([1, 0x61 + at]) * 31 + b"x" for at in range(3)) + b"\0"
    header = b"\x12\x34\1\0" + count.to_bytes(2) + bytes(6)
    more = b"".join((0xC00D + 2 * (at % 20)).to_bytes(2) + b"\0\1\0\1" for at in range(count - 1))
    return header + first + b"\0\1\0\1" + more


@pytest.mark.parametrize("over_tcp", [False, True])
def test_many_questions_are_a_format_error_and_cost_no_time(over_tcp: bool) -> None:
    query = questions(7_600)
    assert len(query) < 65_535
    begun = time.process_time()
    for _ in range(100):
        answered = answer(query, ZONES, over_tcp=over_tcp)
        assert (answered.result, len(answered.wire)) == ("FORMERR", 12)
    assert time.process_time() - begun < 1


def test_a_query_of_much_more_than_a_question_is_a_format_error() -> None:
    for size, result in ((1232, "NOERROR"), (1233, "FORMERR")):
        query = dns.message.make_query("cp1.home.example.", "A", use_edns=0, pad=size)
        wire = query.to_wire(max_size=2_000)
        assert (len(wire), answer(wire, ZONES, over_tcp=True).result) == (size, result)


def test_more_than_a_message_can_carry_is_our_failure() -> None:
    crowd = [DnsRecord("many.home.example", f"10.8.{at >> 8}.{at & 255}") for at in range(5_000)]
    zones = Zones.of(
        domains=("home.example",), records=crowd, subnets=(), server_name="ns.home.example"
    )
    query = dns.message.make_query("many.home.example.", "A")
    assert answer(query.to_wire(), zones, over_tcp=True).result == "SERVFAIL"


def test_a_broken_body_is_a_format_error_with_its_id() -> None:
    answered = answer(b"\x12\x34\1\0\0\1\0\0\0\0\0\0\x05abc", ZONES, over_tcp=False)
    assert answered.result == "FORMERR"
    assert dns.message.from_wire(answered.wire).id == 0x1234


def test_what_is_never_answered() -> None:
    query = dns.message.make_query("cp1.home.example.", "A")
    response = dns.message.make_response(query).to_wire()
    for data in (b"", b"\x12\x34\1", response, response[:-1]):
        with pytest.raises(MalformedDnsMessage):
            answer(data, ZONES, over_tcp=False)


QUERY = dns.message.make_query("api.c.home.example.", "A", use_edns=0).to_wire()


@given(st.binary(max_size=100), st.booleans())
def test_any_bytes_are_answered_or_malformed(data: bytes, over_tcp: bool) -> None:
    with contextlib.suppress(MalformedDnsMessage):
        answer(data, ZONES, over_tcp=over_tcp)


@given(st.integers(0, len(QUERY) - 1), st.integers(0, 255), st.integers(0, len(QUERY)))
def test_any_damage_to_a_query_is_answered_or_malformed(at: int, value: int, length: int) -> None:
    damaged = bytearray(QUERY)
    damaged[at] = value
    with contextlib.suppress(MalformedDnsMessage):
        reply = answer(bytes(damaged[:length]), ZONES, over_tcp=False)
        dns.message.from_wire(reply.wire)


labels = st.text("ab-_.%\\é0", min_size=0, max_size=30)


@given(labels, st.sampled_from(["A", "PTR", "ANY", "SOA"]))
def test_any_name_is_answered(text: str, kind: str) -> None:
    with contextlib.suppress(dns.exception.DNSException, UnicodeError):
        for below in ("home.example", "in-addr.arpa"):
            asked(f"{text}.{below}.", kind)


names = st.lists(st.binary(min_size=1, max_size=20), max_size=6).map(
    lambda labels: dns.name.Name((*labels, b""))
)
ours = st.sampled_from(
    ["cp1.home.example.", "x.apps.home.example.", "11.0.7.10.in-addr.arpa.", "0.7.10.in-addr.arpa."]
).map(dns.name.from_text)


@given(
    name=names | ours,
    kind=st.integers(0, 65_535),
    rdclass=st.sampled_from([1, 1, 1, 3, 254, 255, 4711]),
    flags=st.integers(0, 0x7FFF),
    edns=st.none() | st.integers(0, 2),
    over_tcp=st.booleans(),
    forwards=st.booleans(),
)
def test_every_well_formed_query_has_a_well_formed_answer(
    name: dns.name.Name,
    kind: int,
    rdclass: int,
    flags: int,
    edns: int | None,
    over_tcp: bool,
    forwards: bool,
) -> None:
    query = dns.message.QueryMessage(id=4711)
    query.flags = dns.flags.Flag(flags)
    query.question = [
        dns.rrset.RRset(
            name, dns.rdataclass.RdataClass.make(rdclass), dns.rdatatype.RdataType.make(kind)
        )
    ]
    if edns is not None:
        query.use_edns(edns, payload=flags)
    decided = decide(query.to_wire(), ZONES, NoLeases(), over_tcp=over_tcp, forwards=forwards)
    if isinstance(decided, Elsewhere):
        assert forwards
        assert rdclass == 1
        return
    reply = dns.message.from_wire(decided.wire)
    assert reply.id == 4711
    assert reply.flags & dns.flags.QR
    assert not reply.flags & dns.flags.AA or rdclass == 1
    assert len(reply.answer) <= 1
    for record in reply.answer:
        assert record.name == name
        assert kind in (record.rdtype, dns.rdatatype.ANY)
    if flags & 0x7800:
        assert reply.rcode() == dns.rcode.NOTIMP
    assert reply.rcode() not in (dns.rcode.SERVFAIL, dns.rcode.FORMERR)
