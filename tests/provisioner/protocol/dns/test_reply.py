from __future__ import annotations

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.reply import by_header, refusal, rendered

pytestmark = pytest.mark.unit

QUERY = dns.message.make_query("Www.Example.com.", "A", use_edns=0, payload=1232, id=7)


def test_a_refusal_is_no_longer_than_the_query_and_has_its_question() -> None:
    wire = QUERY.to_wire()
    answered = refusal(wire)
    reply = dns.message.from_wire(answered.wire)
    assert QUERY.is_response(reply)
    assert (reply.rcode(), answered.result) == (dns.rcode.REFUSED, "REFUSED")
    assert dns.flags.to_text(reply.flags) == "QR RD"
    assert len(answered.wire) < len(wire)


@given(st.binary(min_size=12, max_size=300))
def test_no_refusal_is_longer_than_what_it_answers(query: bytes) -> None:
    wire = refusal(query).wire
    assert len(wire) <= len(query)
    assert wire[:2] == query[:2]


@pytest.mark.parametrize("rest", [b"\xc0\x0c\0\1\0\1", b"\x3fabc", b"", b"\0\0\1\0"])
def test_a_question_that_is_not_written_out_is_left_out(rest: bytes) -> None:
    assert len(refusal(QUERY.to_wire()[:12] + rest).wire) == 12


def test_a_reply_by_header_has_the_operation_and_the_wish_of_the_query() -> None:
    query = dns.message.make_query("a.", "A", id=9)
    query.set_opcode(dns.opcode.NOTIFY)
    reply = dns.message.from_wire(by_header(query.to_wire(), dns.rcode.NOTIMP).wire)
    assert (reply.id, reply.opcode(), reply.rcode()) == (9, dns.opcode.NOTIFY, dns.rcode.NOTIMP)
    assert reply.flags & dns.flags.RD


def test_a_reply_tells_what_was_asked() -> None:
    reply = dns.message.make_response(QUERY)
    reply.set_rcode(dns.rcode.NXDOMAIN)
    answered = rendered(reply, QUERY, over_tcp=False)
    assert (answered.name, answered.type) == ("Www.Example.com.", "A")
    assert (answered.result, answered.turns) == ("NXDOMAIN", 1)
