"""How a reply is put into bytes: as long as the client can take, with nothing of it in another order.

EDNS, RFC 6891; truncation, RFC 2181, 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

_UDP_WITHOUT_EDNS = 512
UDP_WITH_EDNS = 1232
"""Bytes: what passes every path unfragmented (DNS flag day 2020)."""
_TCP = 65_535
_HEADER = 12
_POINTER = 0xC0
_COPIED = 0x7800 | dns.flags.RD
"""The opcode and what is wished (RFC 1035, 4.1.1)."""
FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Answered:
    """`wire` is what to send; `name`, `type` and `result` tell what was asked, and the answer code's
    name. `lasts` is for how many seconds the same zones give the same query the same answer, but that
    its id chooses one of `turns` of them."""

    wire: bytes
    name: str
    type: str
    result: str
    turns: int = 1
    lasts: float = FOREVER


def by_header(query: bytes, code: dns.rcode.Rcode, *, question: bytes = b"") -> Answered:
    """A reply that needs no more of the query than its header, and has no record of anything: nor is
    it worth to be kept."""
    flags = dns.flags.QR | int.from_bytes(query[2:4]) & _COPIED | code
    count = b"\0\1" if question else b"\0\0"
    wire = query[:2] + flags.to_bytes(2) + count + bytes(6) + question
    return Answered(wire, "", "", dns.rcode.to_text(code), lasts=0.0)


def refusal(query: bytes) -> Answered:
    """To somebody whom nothing is answered: no longer than the query was, so that nobody can use it
    to flood a third party whose address the query came under."""
    return by_header(query, dns.rcode.REFUSED, question=query[_HEADER : _end_of_question(query)])


def rendered(reply: dns.message.Message, query: dns.message.Message, over_tcp: bool) -> Answered:
    """What doesn't fit a datagram is cut, and the flag TC says so: the client asks again by TCP."""
    asked = query.question[0]
    try:
        # The order of the records is ours: dnspython would shuffle them.
        wire = reply.to_wire(
            max_size=_TCP if over_tcp else _room(query),
            prefer_truncation=not over_tcp,
            want_shuffle=False,
        )
    except dns.exception.DNSException:  # more records of one name than a message can carry
        return by_header(query.to_wire(), dns.rcode.SERVFAIL)
    kind, result = dns.rdatatype.to_text(asked.rdtype), dns.rcode.to_text(reply.rcode())
    return Answered(wire, asked.name.to_text(), kind, result)


def _room(query: dns.message.Message) -> int:
    if query.edns < 0:
        return _UDP_WITHOUT_EDNS
    return min(max(query.payload, _UDP_WITHOUT_EDNS), UDP_WITH_EDNS)


def _end_of_question(query: bytes) -> int:
    """Where the first question ends; where the header does, if it isn't written out there."""
    at = _HEADER
    while at < len(query) and query[at]:
        if query[at] >= _POINTER:
            return _HEADER
        at += 1 + query[at]
    return at + 5 if at + 5 <= len(query) else _HEADER
