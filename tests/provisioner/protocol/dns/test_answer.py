from __future__ import annotations

from ipaddress import IPv4Address

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest
from scapy.layers.dns import DNS, DNSQR
from typing_extensions import override

from provisioner.protocol.dns.answer import Elsewhere, answer, decide
from provisioner.protocol.dns.reply import FOREVER, Answered
from provisioner.protocol.dns.zone import LeasedNames, NoLeases
from tests.provisioner.protocol.dns.values import MANY, SOA, ZONES, asked, section

pytestmark = pytest.mark.unit


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
        ("home.example.", "ANY", ["home.example. 60" + SOA[1:].format("home.example")]),
        ("Shop.Apps.home.example.", "A", ["Shop.Apps.home.example. 60 IN A 10.7.0.13"]),
        ("a.b.apps.home.example.", "ANY", ["a.b.apps.home.example. 60 IN A 10.7.0.13"]),
        (r"a\.b.apps.home.example.", "A", [r"a\.b.apps.home.example. 60 IN A 10.7.0.13"]),
        ("*.apps.home.example.", "A", ["*.apps.home.example. 60 IN A 10.7.0.13"]),
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
        ("apps.home.example.", "A", "NOERROR", "home.example"),
        ("shop.apps.home.example.", "AAAA", "NOERROR", "home.example"),
        ("x.*.apps.home.example.", "A", "NXDOMAIN", "home.example"),
        (r"cp1\.home.example.home.example.", "A", "NXDOMAIN", "home.example"),
        ("w1.home.example.", "A", "NOERROR", "home.example"),
        ("99.0.7.10.in-addr.arpa.", "PTR", "NXDOMAIN", "0.7.10.in-addr.arpa"),
        ("11.0.7.10.in-addr.arpa.", "A", "NOERROR", "0.7.10.in-addr.arpa"),
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


class Leased(LeasedNames):
    """w1 has leased 10.7.0.100; the machine that has 10.7.0.101 is no declared host."""

    @override
    def address_of(self, host: str) -> IPv4Address | None:
        return IPv4Address("10.7.0.100") if host == "w1" else None

    @override
    def host_at(self, address: IPv4Address) -> str | None:
        return "w1" if address == IPv4Address("10.7.0.100") else None


@pytest.mark.parametrize(
    ("name", "kind", "code", "records"),
    [
        ("w1.home.example.", "A", "NOERROR", ["w1.home.example. 60 IN A 10.7.0.100"]),
        ("w2.home.example.", "A", "NOERROR", []),
        (
            "100.0.7.10.in-addr.arpa.",
            "PTR",
            "NOERROR",
            ["100.0.7.10.in-addr.arpa. 60 IN PTR w1.home.example."],
        ),
        ("101.0.7.10.in-addr.arpa.", "PTR", "NXDOMAIN", []),
    ],
)
def test_names_that_follow_the_leases(name: str, kind: str, code: str, records: list[str]) -> None:
    query = dns.message.make_query(name, kind).to_wire()
    answered = answer(query, ZONES, over_tcp=False, leased=Leased())
    assert answered.result == code
    assert section(dns.message.from_wire(answered.wire).answer) == records
    assert answered.lasts == 1.0, "it must not be kept: a lease may come any moment"


def test_what_may_be_kept_and_in_how_many_turns() -> None:
    for name, turns in (("cp1", 1), ("api.c", 2), ("some", 59), ("nobody", 1)):
        query = dns.message.make_query(f"{name}.home.example.", "A").to_wire()
        answered = answer(query, ZONES, over_tcp=False)
        assert (answered.turns, answered.lasts) == (turns, FOREVER)


@pytest.mark.parametrize(
    ("name", "flags", "result"),
    [
        ("www.example.com.", "RD", None),
        (".", "RD", None),
        ("nobody", "RD", None),
        ("www.example.com.", "", "REFUSED"),  # nobody need know what others have asked for
        ("printer.local.", "RD", "NXDOMAIN"),
        ("localhost.", "RD", "NXDOMAIN"),
        ("cp1.home.example.", "RD", "NOERROR"),
        ("w9.home.example.", "RD", "NXDOMAIN"),
    ],
)
def test_what_is_asked_of_somebody_else(name: str, flags: str, result: str | None) -> None:
    query = dns.message.make_query(name, "A", flags=dns.flags.from_text(flags))
    decided = decide(query.to_wire(), ZONES, NoLeases(), over_tcp=True, forwards=True)
    if result is None:
        assert decided == Elsewhere(query, over_tcp=True)
    else:
        assert isinstance(decided, Answered)
        assert decided.result == result
        assert dns.message.from_wire(decided.wire).flags & dns.flags.RA


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
    """A cookie too, as by a server that knows none (RFC 7873, 5.2)."""
    options: list[dns.edns.Option] = [
        dns.edns.GenericOption("65001", b"x"),
        dns.edns.CookieOption(b"12345678", b""),
    ]
    query = dns.message.make_query("cp1.home.example.", "A", use_edns=0, options=options)
    answered = answer(query.to_wire(), ZONES, over_tcp=False)
    assert answered.result == "NOERROR"
    assert answered.wire.endswith(b"\0\0"), "no option comes back"


def test_other_operations_are_not_implemented() -> None:
    query = dns.message.make_query("cp1.home.example.", "A")
    query.set_opcode(dns.opcode.STATUS)
    answered = answer(query.to_wire(), ZONES, over_tcp=False)
    assert answered.result == "NOTIMP"
    assert dns.message.from_wire(answered.wire).opcode() == dns.opcode.STATUS


def test_scapy_reads_the_same() -> None:
    asked_by_scapy = DNS(id=7, rd=1, qd=DNSQR(qname="cp1.home.example", qtype="A"))
    read = DNS(answer(bytes(asked_by_scapy), ZONES, over_tcp=False).wire)
    assert (read.id, read.aa, read.rcode, read.ancount) == (7, 1, 0, 1)
    record = read.an[0]
    assert (record.rrname, record.ttl, record.rdata) == (b"cp1.home.example.", 30, "10.7.0.11")
