"""A question to a server that knows the rest of the world, and what of its reply is believed.

Only an answer to the question is: records of other names, which nobody asked for, are left out (RFC
5452, 6), and never stand in for another question's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.CNAME import CNAME

from provisioner.protocol.dns.reply import UDP_WITH_EDNS

_PROOFS = frozenset({dns.rdatatype.NSEC, dns.rdatatype.NSEC3, dns.rdatatype.RRSIG})
_LEADING_ON = frozenset({dns.rdatatype.CNAME, dns.rdatatype.DNAME})
_ANSWERS = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})
_LONGEST_CHAIN = 16


@dataclass(frozen=True, slots=True)
class Question:
    """Equal for all clients that must be given the same answer: `name` in any letters (names are equal
    whatever their case), `dnssec` whether signatures are wanted, `unchecked` whether even what doesn't
    verify is (RFC 4035, 3.2)."""

    name: dns.name.Name
    type: dns.rdatatype.RdataType
    dnssec: bool
    unchecked: bool

    @classmethod
    def of(cls, query: dns.message.Message) -> Question:
        asked = query.question[0]
        return cls(
            asked.name,
            asked.rdtype,
            bool(query.ednsflags & dns.flags.DO),
            bool(query.flags & dns.flags.CD),
        )

    def wire(self, id: int) -> bytes:
        """The query to a forwarder."""
        query = dns.message.make_query(
            self.name,
            self.type,
            use_edns=0,
            want_dnssec=self.dnssec,
            payload=UDP_WITH_EDNS,
            id=id,
        )
        if self.unchecked:
            query.flags |= dns.flags.CD
        return query.to_wire()


@dataclass(frozen=True, slots=True)
class Told:
    """A forwarder's answer to the question, without anything else."""

    message: dns.message.Message


class Verdict(Enum):
    """What bytes that came back are, if they are no answer."""

    STRANGE = auto()
    """Not a reply to this question: the right one may still come."""
    TRUNCATED = auto()
    """To be asked for by TCP."""
    UNABLE = auto()
    """This server can't answer; another one may."""


def judged(wire: bytes, question: Question, id: int) -> Told | Verdict:
    """The reply of a forwarder to the question that it was sent under the id, cut down to the answer."""
    if len(wire) < 12 or int.from_bytes(wire[:2]) != id or not wire[2] & 0x80:
        return Verdict.STRANGE
    if wire[2] & 0x02:
        return Verdict.TRUNCATED
    try:
        reply = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return Verdict.UNABLE
    if reply.opcode() != dns.opcode.QUERY or not _is_of(reply, question):
        return Verdict.STRANGE
    if reply.rcode() not in _ANSWERS:
        return Verdict.UNABLE
    return Told(_cut_down(reply, question))


def _is_of(reply: dns.message.Message, question: Question) -> bool:
    if len(reply.question) != 1:
        return False
    asked = reply.question[0]
    return (asked.name, asked.rdtype, asked.rdclass) == (
        question.name,
        question.type,
        dns.rdataclass.IN,
    )


def _cut_down(reply: dns.message.Message, question: Question) -> dns.message.Message:
    chain = _chain(reply, question)
    kept = dns.message.QueryMessage(id=0)
    kept.flags = dns.flags.QR
    kept.set_rcode(reply.rcode())
    kept.question = reply.question
    kept.answer = [one for one in reply.answer if _belongs(one, chain, question)]
    kept.authority = [one for one in reply.authority if _explains(one, chain[-1], question)]
    return kept


def _chain(reply: dns.message.Message, question: Question) -> list[dns.name.Name]:
    """The name, and those that aliases lead to from it."""
    chain = [question.name]
    aliases = {
        one.name: cast(CNAME, one[0]).target
        for one in reply.answer
        if one.rdtype == dns.rdatatype.CNAME
    }
    while question.type != dns.rdatatype.CNAME and len(chain) <= _LONGEST_CHAIN:
        target = aliases.get(chain[-1])
        if target is None or target in chain:
            break
        chain.append(target)
    return chain


def _belongs(record: dns.rrset.RRset, chain: list[dns.name.Name], question: Question) -> bool:
    kind = record.covers if record.rdtype == dns.rdatatype.RRSIG else record.rdtype
    if record.rdtype == dns.rdatatype.RRSIG and not question.dnssec:
        return question.type in (dns.rdatatype.RRSIG, dns.rdatatype.ANY) and record.name in chain
    if kind == dns.rdatatype.DNAME and question.type != dns.rdatatype.DNAME:
        return any(name.is_subdomain(record.name) for name in chain)
    wanted = question.type in (kind, record.rdtype, dns.rdatatype.ANY)
    return record.name in chain and (wanted or kind in _LEADING_ON)


def _explains(record: dns.rrset.RRset, name: dns.name.Name, question: Question) -> bool:
    """Why there is nothing: the SOA of a zone that the name is in (RFC 2308), and its proofs."""
    if record.rdtype == dns.rdatatype.SOA:
        return name.is_subdomain(record.name)
    return question.dnssec and record.rdtype in _PROOFS
