"""What forwarders have answered, for as long as they said it holds: positive answers by their records'
TTL, negative ones by their SOA (RFC 2308, 5), failures for a moment (RFC 9520), and answers that have
run out while nobody can be reached (RFC 8767)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.SOA import SOA

from provisioner.protocol.dns.answer import Elsewhere, reply_to
from provisioner.protocol.dns.generations import Generations
from provisioner.protocol.dns.reply import Answered, rendered
from provisioner.protocol.dns.upstream import Question, Told

_MOST = 4_096
_LONGEST = 4_096
"""Bytes of an answer that is kept."""
_POSITIVE = 86_400.0
_NEGATIVE = 3_600.0
_FAILURE = 5.0
_STALE = 86_400.0
_STALE_TTL = 30
_RENDERED = 1.0
"""Seconds: the step in which TTLs count down."""


@dataclass(frozen=True, slots=True)
class Known:
    """`wire` is a whole message, as it was at the time `at`; nothing of it holds after `until`."""

    wire: bytes
    at: float
    until: float

    def answered(self, wanted: Elsewhere, now: float) -> Answered:
        """For a client's query, with what is left of the TTLs (RFC 1035, 7.4)."""
        kept = dns.message.from_wire(self.wire)
        is_stale = now >= self.until
        age = max(0, int(now - self.at))
        for record in (*kept.answer, *kept.authority):
            record.ttl = _STALE_TTL if is_stale else max(0, record.ttl - age)
        reply = reply_to(wanted.query, forwards=True)
        reply.set_rcode(kept.rcode())
        reply.answer, reply.authority = kept.answer, kept.authority
        lasts = _RENDERED if is_stale else min(_RENDERED, self.until - now)
        return replace(rendered(reply, wanted.query, wanted.over_tcp), lasts=lasts)


class ForwardCache:
    """`now` in seconds of any clock that never goes back."""

    def __init__(self) -> None:
        self._known: Generations[Question, Known] = Generations(_MOST)
        self._failed: Generations[Question, float] = Generations(_MOST)

    def look(self, question: Question, now: float) -> Known | None:
        """What is known and holds; of a question that has just failed, also what held once."""
        known = self._known.get(question)
        if known is None or now < known.until:
            return known
        return known if self.has_failed(question, now) and now < known.until + _STALE else None

    def has_failed(self, question: Question, now: float) -> bool:
        """Whether nobody could answer it a moment ago, so that nobody is asked again yet."""
        return now < (self._failed.get(question) or 0.0)

    def learn(self, question: Question, told: Told, now: float) -> Known:
        """What a forwarder has answered."""
        reply = told.message
        _shorten_negative(reply)
        known = Known(reply.to_wire(want_shuffle=False), now, now + _lifetime(reply))
        if known.until > now and len(known.wire) <= _LONGEST:
            self._known.put(question, known)
        return known

    def fail(self, question: Question, now: float) -> None:
        """No forwarder could answer it."""
        self._failed.put(question, now + _FAILURE)


def failure(wanted: Elsewhere) -> Answered:
    """What a client is told when no forwarder could answer. The next one may be luckier."""
    reply = reply_to(wanted.query, forwards=True)
    reply.set_rcode(dns.rcode.SERVFAIL)
    return replace(rendered(reply, wanted.query, wanted.over_tcp), lasts=0.0)


def _shorten_negative(reply: dns.message.Message) -> None:
    """A negative answer holds for the SOA's minimum, and its TTL must say so (RFC 2308, 3)."""
    for record in reply.authority:
        if record.rdtype == dns.rdatatype.SOA:
            record.ttl = min(record.ttl, _minimum(record), int(_NEGATIVE))


def _minimum(soa: dns.rrset.RRset) -> int:
    return cast(SOA, soa[0]).minimum


def _lifetime(reply: dns.message.Message) -> float:
    """Seconds. A negative answer without SOA can't be kept (RFC 2308, 5)."""
    asked = reply.question[0].rdtype
    any_kind = asked == dns.rdatatype.ANY
    has_answer = any(any_kind or record.rdtype == asked for record in reply.answer)
    has_soa = any(record.rdtype == dns.rdatatype.SOA for record in reply.authority)
    is_negative = reply.rcode() == dns.rcode.NXDOMAIN or not has_answer
    if is_negative and not has_soa:
        return 0.0
    return min(_POSITIVE, *(float(one.ttl) for one in (*reply.answer, *reply.authority)))
