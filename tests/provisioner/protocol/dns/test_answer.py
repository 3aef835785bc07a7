from __future__ import annotations

import contextlib
import time
from ipaddress import IPv4Network

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dns import DNS, DNSQR

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.answer import answer
from provisioner.protocol.dns.zone import Zones
from provisioner.protocol.errors import MalformedDnsMessage

pytestmark = pytest.mark.unit

MANY = tuple(DnsRecord("many.home.example", f"10.7.1.{number}") for number in range(1, 120))
SOME = tuple(DnsRecord("some.home.example", f"10.7.1.{number}") for number in range(1, 60))
ZONES = Zones.of(
    domains=("home.example",),
    records=(
        DnsRecord("cp1.home.example", "10.7.0.11", ttl=30),
        DnsRecord("api.c.home.example", "10.7.0.11"),
        DnsRecord("api.c.home.example", "10.7.0.12", ttl=20),
        *MANY,
        *SOME,
    ),
    subnets=(IPv4Network("10.7.0.0/23"),),
    server_name="ns.home.example",
)
SOA = "5 IN SOA ns.home.example. hostmaster.{0}. 1 3600 600 86400 5"


def asked(name: str, kind: str, over_tcp: bool = False) -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    answered = answer(query.to_wire(), ZONES, over_tcp=over_tcp)
    reply = dns.message.from_wire(answered.wire)
    assert query.is_response(reply)
    assert answered.result == dns.rcode.to_text(reply.rcode())
    return reply


def section(records: list[dns.rrset.RRset]) -> list[str]:
    return [line for record in records for line in record.to_text().splitlines()]


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("cp1.home.example.", "A", ["cp1.home.example. 30 IN A 10.7.0.11"]),
        ("CP1.Home.EXAMPLE.", "A", ["CP1.Home.EXAMPLE. 30 IN A 10.7.0.11"]),
        (
            "api.c.home.example.",
            "A",
            ["api.c.home.example. 20 IN A 10.7.0.11", "api.c.home.example. 20 IN A 10.7.0.12"],
        ),
        ("cp1.home.example.", "ANY", ["cp1.home.example. 30 IN A 10.7.0.11"]),
        (
            "11.0.7.10.in-addr.arpa.",
            "PTR",
            ["11.0.7.10.in-addr.arpa. 30 IN PTR cp1.home.example."],
        ),
        ("home.example.", "NS", ["home.example. 60 IN NS ns.home.example."]),
        ("home.example.", "SOA", ["home.example. 60" + SOA[1:].format("home.example")]),
    ],
)
def test_what_there_is(name: str, kind: str, records: list[str]) -> None:
    reply = asked(name, kind)
    assert reply.rcode() == dns.rcode.NOERROR
    assert sorted(section(reply.answer)) == records
    assert dns.flags.to_text(reply.flags) == "QR AA RD"
    assert reply.authority == []


def test_addresses_take_turns_by_the_id_of_the_query() -> None:
    def addresses(id: int) -> list[str]:
        query = dns.message.make_query("api.c.home.example.", "A", id=id).to_wire()
        answers = {answer(query, ZONES, over_tcp=over_tcp).wire for over_tcp in (False, True) * 8}
        (wire,) = answers
        return [line.split()[-1] for line in section(dns.message.from_wire(wire).answer)]

    assert addresses(4) == addresses(6) == ["10.7.0.11", "10.7.0.12"]
    assert addresses(5) == ["10.7.0.12", "10.7.0.11"]


@pytest.mark.parametrize(
    ("name", "kind", "code", "apex"),
    [
        ("w9.home.example.", "A", "NXDOMAIN", "home.example"),
        ("cp1.home.example.", "AAAA", "NOERROR", "home.example"),
        ("c.home.example.", "A", "NOERROR", "home.example"),
        ("home.example.", "A", "NOERROR", "home.example"),
        ("99.0.7.10.in-addr.arpa.", "PTR", "NXDOMAIN", "7.10.in-addr.arpa"),
        ("11.0.7.10.in-addr.arpa.", "A", "NOERROR", "7.10.in-addr.arpa"),
    ],
)
def test_what_there_is_not(name: str, kind: str, code: str, apex: str) -> None:
    """NXDOMAIN, or NOERROR when the name has other records or names below it; SOA either way."""
    reply = asked(name, kind)
    assert dns.rcode.to_text(reply.rcode()) == code
    assert reply.answer == []
    assert section(reply.authority) == [f"{apex}. " + SOA.format(apex)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("example.", "A"),
        ("www.example.com.", "A"),
        (".", "NS"),
        ("1.2.0.192.in-addr.arpa.", "PTR"),
        ("home.example.", "AXFR"),
    ],
)
def test_the_rest_is_refused(name: str, kind: str) -> None:
    reply = asked(name, kind)
    assert dns.rcode.to_text(reply.rcode()) == "REFUSED"
    assert reply.answer == reply.authority == []
    assert "AA" not in dns.flags.to_text(reply.flags)


def test_other_classes_are_refused() -> None:
    query = dns.message.make_query("version.bind.", "TXT", rdclass="CH")
    assert answer(query.to_wire(), ZONES, over_tcp=False).result == "REFUSED"


def test_what_does_not_fit_is_cut_and_comes_whole_by_tcp() -> None:
    small = asked("many.home.example.", "A")
    assert "TC" in dns.flags.to_text(small.flags)
    assert len(small.to_wire()) <= 512
    whole = asked("many.home.example.", "A", over_tcp=True)
    assert len(section(whole.answer)) == len(MANY)
    assert "TC" not in dns.flags.to_text(whole.flags)


@pytest.mark.parametrize(
    ("name", "payload", "whole"),
    [("some", 100, False), ("some", 4096, True), ("some", 1232, True), ("many", 4096, False)],
)
def test_edns_says_how_much_fits_within_reason(name: str, payload: int, whole: bool) -> None:
    """512 bytes at least, 1,232 at most, whatever the client says."""
    query = dns.message.make_query(f"{name}.home.example.", "A", use_edns=0, payload=payload)
    wire = answer(query.to_wire(), ZONES, over_tcp=False).wire
    reply = dns.message.from_wire(wire)
    assert len(wire) <= 1232
    assert ("TC" in dns.flags.to_text(reply.flags)) is not whole
    assert (reply.edns, reply.payload) == (0, 1232)


def test_a_newer_edns_is_said_to_be_too_new() -> None:
    query = dns.message.make_query("cp1.home.example.", "A", use_edns=1)
    assert answer(query.to_wire(), ZONES, over_tcp=False).result == "BADVERS"


def test_unknown_edns_options_are_passed_over() -> None:
    option = dns.edns.GenericOption("65001", b"x")
    query = dns.message.make_query("cp1.home.example.", "A", use_edns=0, options=[option])
    assert answer(query.to_wire(), ZONES, over_tcp=False).result == "NOERROR"


def test_other_operations_are_not_implemented() -> None:
    query = dns.message.make_query("cp1.home.example.", "A")
    query.set_opcode(dns.opcode.STATUS)
    assert answer(query.to_wire(), ZONES, over_tcp=False).result == "NOTIMP"


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


def test_scapy_reads_the_same() -> None:
    asked_by_scapy = DNS(id=7, rd=1, qd=DNSQR(qname="cp1.home.example", qtype="A"))
    read = DNS(answer(bytes(asked_by_scapy), ZONES, over_tcp=False).wire)
    assert (read.id, read.aa, read.rcode, read.ancount) == (7, 1, 0, 1)
    record = read.an[0]
    assert (record.rrname, record.ttl, record.rdata) == (b"cp1.home.example.", 30, "10.7.0.11")


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
