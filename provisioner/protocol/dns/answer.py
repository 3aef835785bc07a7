"""The answer to a DNS query, out of the zones as they are: authoritative or REFUSED, never
recursive.

RFC 1035; names ignore case, RFC 4343; negative answers with SOA, RFC 2308; EDNS, RFC 6891;
truncation, RFC 2181, 9; ANY gets the addresses there are, RFC 8482.
"""

from __future__ import annotations

from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from provisioner.protocol.dns.zone import Zones, address_of_reverse_name, normal_name
from provisioner.protocol.errors import MalformedDnsMessage

_UDP_WITHOUT_EDNS = 512
_UDP_WITH_EDNS = 1232
"""Bytes: what passes every path unfragmented (DNS flag day 2020)."""
_TCP = 65_535
_NEGATIVE_TTL = 5
"""Seconds: a name that is asked for too early is found soon after it is there."""
_SOA_TTL = 60
_HEADER = 12
_LONGEST_QUERY = _UDP_WITH_EDNS
"""Bytes: one question and what EDNS adds fit well; a reader of longer ones keeps DHCP waiting."""
_ONE_QUESTION = b"\0\1"
_TRANSFERS = frozenset({dns.rdatatype.AXFR, dns.rdatatype.IXFR})


@dataclass(frozen=True, slots=True)
class Answered:
    """`wire` is what to send; the rest tells what was asked, and the answer code's name."""

    wire: bytes
    name: str
    type: str
    result: str


def answer(query: bytes, zones: Zones, *, over_tcp: bool) -> Answered:
    """The answer to a query. Raises MalformedDnsMessage when the bytes can't be answered at all."""
    if len(query) < _HEADER:
        raise MalformedDnsMessage(f"{len(query)} bytes are too few for a DNS message")
    if query[2] & 0x80:
        raise MalformedDnsMessage("it is an answer, not a query")
    if len(query) > _LONGEST_QUERY or query[4:6] != _ONE_QUESTION:
        return _by_header(query, dns.rcode.FORMERR)
    try:
        message = dns.message.from_wire(query)
    except dns.exception.DNSException:
        return _by_header(query, dns.rcode.FORMERR)
    reply = dns.message.make_response(message, our_payload=_UDP_WITH_EDNS)
    reply.set_rcode(_filled(reply, message, zones))
    try:
        wire = _wire(reply, message, over_tcp)
    except dns.exception.DNSException:  # more records of one name than a message can carry
        return _by_header(query, dns.rcode.SERVFAIL)
    asked = message.question[0]
    kind, result = dns.rdatatype.to_text(asked.rdtype), dns.rcode.to_text(reply.rcode())
    return Answered(wire, asked.name.to_text(), kind, result)


def _by_header(query: bytes, code: dns.rcode.Rcode) -> Answered:
    """An error needs no more of the query than its header."""
    reply = dns.message.Message(id=int.from_bytes(query[:2]))
    reply.flags = dns.flags.QR
    reply.set_rcode(code)
    return Answered(reply.to_wire(), "", "", dns.rcode.to_text(code))


def _wire(reply: dns.message.Message, query: dns.message.Message, over_tcp: bool) -> bytes:
    """What doesn't fit a datagram is cut, and the flag TC says so: the client asks again by TCP."""
    # The order of the records is ours: dnspython would shuffle them.
    if over_tcp:
        return reply.to_wire(max_size=_TCP, want_shuffle=False)
    fits = _UDP_WITHOUT_EDNS
    if query.edns >= 0:
        fits = min(max(query.payload, _UDP_WITHOUT_EDNS), _UDP_WITH_EDNS)
    return reply.to_wire(max_size=fits, prefer_truncation=True, want_shuffle=False)


def _filled(
    reply: dns.message.Message, query: dns.message.Message, zones: Zones
) -> dns.rcode.Rcode:
    """Writes the sections of the reply; returns its code."""
    if query.edns > 0:
        return dns.rcode.BADVERS
    if query.opcode() != dns.opcode.QUERY:
        return dns.rcode.NOTIMP
    question = query.question[0]
    name = normal_name(question.name.to_text())
    apex = zones.apex_of(name)
    ours = question.rdclass == dns.rdataclass.IN and question.rdtype not in _TRANSFERS
    if apex is None or not ours:
        return dns.rcode.REFUSED
    reply.flags |= dns.flags.AA
    reply.answer = _records(question, query.id, apex, zones)
    if reply.answer:
        return dns.rcode.NOERROR
    reply.authority = [_soa(dns.name.from_text(apex), zones, apex, _NEGATIVE_TTL)]
    return dns.rcode.NOERROR if _exists(name, apex, zones) else dns.rcode.NXDOMAIN


def _records(
    question: dns.rrset.RRset, turn: int, apex: str, zones: Zones
) -> list[dns.rrset.RRset]:
    """The records asked for, under the name in the query's own letters.

    Several addresses take turns at being the first, which is the one that most clients use (RFC 1794).
    """
    owner, kind, name = question.name, question.rdtype, normal_name(question.name.to_text())
    address = address_of_reverse_name(name)
    pointer = None if address is None else zones.pointers.get(address)
    if kind in (dns.rdatatype.A, dns.rdatatype.ANY) and name in zones.addresses:
        records = zones.addresses[name]
        ttl = min(record.ttl for record in records)
        first = turn % len(records)
        addresses = (record.address for record in (*records[first:], *records[:first]))
        return [_rrset(owner, ttl, "A", *addresses)]
    if kind in (dns.rdatatype.PTR, dns.rdatatype.ANY) and pointer is not None:
        return [_rrset(owner, pointer.ttl, "PTR", normal_name(pointer.name) + ".")]
    if name != apex:
        return []
    if kind == dns.rdatatype.SOA:
        return [_soa(owner, zones, apex, _SOA_TTL)]
    if kind == dns.rdatatype.NS:
        return [_rrset(owner, _SOA_TTL, "NS", zones.server_name + ".")]
    return []


def _exists(name: str, apex: str, zones: Zones) -> bool:
    address = address_of_reverse_name(name)
    return name == apex or name in zones.existing or address in zones.pointers


def _soa(owner: dns.name.Name, zones: Zones, apex: str, ttl: int) -> dns.rrset.RRset:
    """There are no secondaries: serial and timers are what the format asks for."""
    timers = f"1 3600 600 86400 {_NEGATIVE_TTL}"
    return _rrset(owner, ttl, "SOA", f"{zones.server_name}. hostmaster.{apex}. {timers}")


def _rrset(owner: dns.name.Name, ttl: int, kind: str, *values: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(owner, ttl, "IN", kind, *values)
