"""The answer to a DNS query, out of the zones as they are; or that somebody else has to be asked.

RFC 1035; names ignore case, RFC 4343; wildcards, RFC 4592; negative answers with SOA, RFC 2308; EDNS,
RFC 6891; ANY gets one kind of record, RFC 8482.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.IN.A import A

from inventory.errors import ProvisionerBug
from provisioner.protocol.dns.name import (
    Labels,
    address_of_reverse_name,
    is_reverse,
    labels_of,
)
from provisioner.protocol.dns.reply import FOREVER, UDP_WITH_EDNS, Answered, by_header, rendered
from provisioner.protocol.dns.zone import LeasedNames, NoLeases, Zones
from provisioner.protocol.errors import MalformedDnsMessage

_NEGATIVE_TTL = 5
"""Seconds: a name that is asked for too early is found soon after it is there."""
_SOA_TTL = 60
_LEASED_TTL = 60
_WHILE_LEASES_CHANGE = 1.0
_HEADER = 12
_OPCODE = 0x78
"""Of the third byte; a query's is zero (RFC 1035, 4.1.1)."""
LONGEST_QUERY = UDP_WITH_EDNS
"""Bytes: one question and what EDNS adds fit well; a reader of longer ones keeps DHCP waiting."""
_IN = dns.rdataclass.IN
_ONE_QUESTION = b"\0\1"
_TRANSFERS = frozenset({dns.rdatatype.AXFR, dns.rdatatype.IXFR})
_NEVER_ELSEWHERE = frozenset({b"invalid", b"local", b"localhost", b"onion"})
"""What no server beyond may be asked for (RFC 6761, 6762, 7686)."""
_NO_LEASES = NoLeases()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A query for what isn't ours, from a client that wants it resolved."""

    query: dns.message.Message
    over_tcp: bool


Decision: TypeAlias = Answered | Elsewhere


def answer(
    query: bytes, zones: Zones, *, over_tcp: bool, leased: LeasedNames = _NO_LEASES
) -> Answered:
    """The answer of a server that knows nobody else. Raises MalformedDnsMessage when the bytes can't be
    answered at all."""
    decided = decide(query, zones, leased, over_tcp=over_tcp, forwards=False)
    if isinstance(decided, Elsewhere):
        raise ProvisionerBug("who forwards nothing has nobody to ask")
    return decided


def decide(
    query: bytes, zones: Zones, leased: LeasedNames, *, over_tcp: bool, forwards: bool
) -> Decision:
    """The answer to a query; where the server `forwards`, Elsewhere for what isn't in its zones. Raises
    MalformedDnsMessage when the bytes can't be answered at all."""
    if len(query) < _HEADER:
        raise MalformedDnsMessage(f"{len(query)} bytes are too few for a DNS message")
    if query[2] & 0x80:
        raise MalformedDnsMessage("it is an answer, not a query")
    if query[2] & _OPCODE:  # nothing but questions, such as updates by who thinks a name is his
        return by_header(query, dns.rcode.NOTIMP)
    if len(query) > LONGEST_QUERY or query[4:6] != _ONE_QUESTION:
        return by_header(query, dns.rcode.FORMERR)
    try:
        message = dns.message.from_wire(query)
    except dns.exception.DNSException:
        return by_header(query, dns.rcode.FORMERR)
    reply = reply_to(message, forwards=forwards)
    code = _refused(message)
    if code is not None:
        reply.set_rcode(code)
        return rendered(reply, message, over_tcp)
    name = _labels(message.question[0].name)
    apex = zones.apex_of(name)
    if apex is not None:
        return _Authority(zones, leased, apex).answer(message, reply, over_tcp)
    stays_here = bool(_NEVER_ELSEWHERE.intersection(name[-1:]))
    if forwards and not stays_here and message.flags & dns.flags.RD:
        return Elsewhere(message, over_tcp)
    reply.set_rcode(dns.rcode.NXDOMAIN if forwards and stays_here else dns.rcode.REFUSED)
    return rendered(reply, message, over_tcp)


def reply_to(query: dns.message.Message, *, forwards: bool) -> dns.message.Message:
    """An empty reply to the query."""
    return dns.message.make_response(query, our_payload=UDP_WITH_EDNS, recursion_available=forwards)


def _refused(query: dns.message.Message) -> dns.rcode.Rcode | None:
    """The code of what is answered to nobody."""
    if query.edns > 0:
        return dns.rcode.BADVERS
    question = query.question[0]
    if question.rdclass != _IN or question.rdtype in _TRANSFERS:
        return dns.rcode.REFUSED
    return None


@dataclass(frozen=True, slots=True)
class _Authority:
    """For one zone, its apex."""

    zones: Zones
    leased: LeasedNames
    apex: Labels

    def answer(
        self, query: dns.message.Message, reply: dns.message.Message, over_tcp: bool
    ) -> Answered:
        question = query.question[0]
        name = _labels(question.name)
        source = self.zones.answering(name, self.apex, self.leased)
        found = None if source is None else self._records(question, source, query.id)
        reply.flags |= dns.flags.AA
        if found is not None:
            reply.answer = [found]
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN if source is None else dns.rcode.NOERROR)
            reply.authority = [self._soa(_name(self.apex), _NEGATIVE_TTL)]
        answered = rendered(reply, query, over_tcp)
        lasts = _WHILE_LEASES_CHANGE if self._is_by_lease(name) else FOREVER
        return replace(answered, turns=1 if found is None else len(found), lasts=lasts)

    def _records(
        self, question: dns.rrset.RRset, source: Labels, turn: int
    ) -> dns.rrset.RRset | None:
        """What the name has of the kind asked for, under the name in the query's own letters.

        Several addresses take turns at being the first, which is the one that most clients use (RFC
        1794).
        """
        owner, kind = question.name, question.rdtype
        if kind in (dns.rdatatype.A, dns.rdatatype.ANY) and (found := self._addresses(source)):
            ttl, addresses = found
            first = turn % len(addresses)
            turned = (*addresses[first:], *addresses[:first])
            return _rrset(owner, ttl, *(_rdata(A, dns.rdatatype.A, one) for one in turned))
        if kind in (dns.rdatatype.PTR, dns.rdatatype.ANY) and (pointer := self._pointer(source)):
            ttl, names = pointer
            return _rrset(
                owner, ttl, *(_rdata(PTR, dns.rdatatype.PTR, _name(one)) for one in names)
            )
        if source != self.apex:
            return None
        if kind in (dns.rdatatype.SOA, dns.rdatatype.ANY):
            return self._soa(owner, _SOA_TTL)
        if kind == dns.rdatatype.NS:
            server = _rdata(NS, dns.rdatatype.NS, _name(self.zones.server_name))
            return _rrset(owner, _SOA_TTL, server)
        return None

    def _addresses(self, name: Labels) -> tuple[int, tuple[str, ...]] | None:
        """With the TTL of them all (RFC 2181, 5.2)."""
        if records := self.zones.addresses.get(name):
            return min(record.ttl for record in records), tuple(one.address for one in records)
        host = self.zones.hosts.get(name)
        address = None if host is None else self.leased.address_of(host)
        return None if address is None else (_LEASED_TTL, (str(address),))

    def _pointer(self, name: Labels) -> tuple[int, tuple[Labels, ...]] | None:
        if records := self.zones.pointers.get(name):
            ttl = min(record.ttl for record in records)
            return ttl, tuple(labels_of(record.name) for record in records)
        address = address_of_reverse_name(name)
        host = None if address is None else self.leased.host_at(address)
        if host is None:
            return None
        return _LEASED_TTL, ((*labels_of(host), *self.zones.domain),)

    def _is_by_lease(self, name: Labels) -> bool:
        if is_reverse(name):
            return name not in self.zones.pointers
        return name in self.zones.hosts

    def _soa(self, owner: dns.name.Name, ttl: int) -> dns.rrset.RRset:
        """There are no secondaries: serial and timers are what the format asks for."""
        server, person = _name(self.zones.server_name), _name((b"hostmaster", *self.apex))
        timers = (1, 3600, 600, 86400, _NEGATIVE_TTL)
        soa = _rdata(SOA, dns.rdatatype.SOA, server, person, *timers)
        return _rrset(owner, ttl, soa)


def _labels(name: dns.name.Name) -> Labels:
    return tuple(label.lower() for label in name.labels[:-1])


def _name(labels: Labels) -> dns.name.Name:
    return dns.name.Name((*labels, b""))


def _rdata(
    made: Callable[..., dns.rdata.Rdata], kind: dns.rdatatype.RdataType, *values: object
) -> dns.rdata.Rdata:
    return made(_IN, kind, *values)


def _rrset(owner: dns.name.Name, ttl: int, *values: dns.rdata.Rdata) -> dns.rrset.RRset:
    return dns.rrset.from_rdata(owner, ttl, *values)
