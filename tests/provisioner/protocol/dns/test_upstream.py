from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.upstream import Question, Told, Verdict, judged

pytestmark = pytest.mark.unit

WWW = dns.name.from_text("www.example.com.")
A = Question(WWW, dns.rdatatype.A, dnssec=False, unchecked=False)
SIGNED = Question(WWW, dns.rdatatype.A, dnssec=True, unchecked=False)
SOA = "example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60"


def reply(
    *answer: str, question: Question = A, authority: str = "", code: str = "NOERROR", id: int = 7
) -> dns.message.Message:
    asked = f"{question.name} IN {dns.rdatatype.to_text(question.type)}"
    header = (f"id {id}", "opcode QUERY", f"rcode {code}", "flags QR RD RA")
    lines = (*header, ";QUESTION", asked, ";ANSWER", *answer, ";AUTHORITY", authority)
    return dns.message.from_text("\n".join(lines))


def told(message: dns.message.Message, question: Question = A) -> list[str]:
    verdict = judged(message.to_wire(), question, 7)
    assert isinstance(verdict, Told)
    records = (*verdict.message.answer, *verdict.message.authority)
    return [line for record in records for line in record.to_text().splitlines()]


def test_equal_questions_are_equal_whatever_their_case() -> None:
    query = dns.message.make_query("WWW.example.COM.", "A", use_edns=0)
    assert Question.of(query) == A
    assert len({A, Question.of(query), SIGNED}) == 2


@pytest.mark.parametrize("dnssec", [False, True])
@pytest.mark.parametrize("unchecked", [False, True])
def test_a_question_says_what_the_client_said(dnssec: bool, unchecked: bool) -> None:
    question = Question(WWW, dns.rdatatype.A, dnssec, unchecked)
    query = dns.message.from_wire(question.wire(7))
    assert Question.of(query) == question
    assert (query.id, query.payload) == (7, 1232)
    assert query.flags & dns.flags.RD
    assert query.question[0].name.labels == WWW.labels


def test_the_answer_is_what_belongs_to_the_question() -> None:
    message = reply(
        "www.example.com. 60 IN CNAME cdn.example.net.",
        "cdn.example.net. 30 IN A 192.0.2.1",
        "bank.example. 9999 IN A 192.0.2.66",
        "www.example.com. 60 IN TXT unasked",
        authority="example.net. 60 IN NS ns.evil.example.",
    )
    assert told(message) == [
        "www.example.com. 60 IN CNAME cdn.example.net.",
        "cdn.example.net. 30 IN A 192.0.2.1",
    ]


@pytest.mark.parametrize("code", ["NOERROR", "NXDOMAIN"])
def test_that_there_is_nothing_is_an_answer_with_the_soa_of_its_zone(code: str) -> None:
    foreign = "bank.example. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60"
    message = reply(authority=f"{SOA}\n{foreign}", code=code)
    assert told(message) == [SOA]


def test_signatures_and_proofs_come_along_when_they_are_wanted() -> None:
    signature = "IN RRSIG A 8 3 60 20300101000000 20200101000000 1 example.com. AAAA"
    proof = "a.example.com. 60 IN NSEC z.example.com. A"
    message = reply(
        "www.example.com. 60 IN A 192.0.2.1",
        f"www.example.com. 60 {signature}",
        f"bank.example. 60 {signature}",
        authority=proof,
    )
    assert told(message) == ["www.example.com. 60 IN A 192.0.2.1"]
    kinds = [line.split()[3] for line in told(message, SIGNED)]
    assert kinds == ["A", "RRSIG", "NSEC"]


def test_a_whole_subtree_may_be_an_alias() -> None:
    message = reply(
        "example.com. 60 IN DNAME example.net.",
        "www.example.com. 60 IN CNAME www.example.net.",
        "www.example.net. 60 IN A 192.0.2.1",
    )
    assert len(told(message)) == 3


def test_any_gets_all_there_is_of_the_name() -> None:
    question = Question(WWW, dns.rdatatype.ANY, dnssec=False, unchecked=False)
    message = reply(
        "www.example.com. 60 IN A 192.0.2.1",
        "www.example.com. 60 IN TXT x",
        "bank.example. 60 IN A 192.0.2.66",
        question=question,
    )
    assert [line.split()[3] for line in told(message, question)] == ["A", "TXT"]


def test_aliases_in_a_circle_come_to_an_end() -> None:
    circle = (
        "www.example.com. 60 IN CNAME b.example.com.",
        "b.example.com. 60 IN CNAME www.example.com.",
    )
    assert len(told(reply(*circle))) == 2


OTHER = Question(dns.name.from_text("other."), dns.rdatatype.A, False, False)
OTHER_KIND = Question(WWW, dns.rdatatype.AAAA, False, False)


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        (reply(id=8), Verdict.STRANGE),
        (reply(question=OTHER), Verdict.STRANGE),
        (reply(question=OTHER_KIND), Verdict.STRANGE),
        (reply(code="SERVFAIL"), Verdict.UNABLE),
        (reply(code="REFUSED"), Verdict.UNABLE),
    ],
)
def test_what_is_no_answer(message: dns.message.Message, verdict: Verdict) -> None:
    assert judged(message.to_wire(), A, 7) is verdict


def test_what_else_may_come_back() -> None:
    whole = reply("www.example.com. 60 IN A 192.0.2.1").to_wire()
    cut = bytearray(whole)
    cut[2] |= 0x02
    assert judged(bytes(cut[:-3]), A, 7) is Verdict.TRUNCATED
    assert judged(whole[:-3], A, 7) is Verdict.UNABLE
    assert judged(A.wire(7), A, 7) is Verdict.STRANGE, "our own query"
    assert judged(b"\0\7", A, 7) is Verdict.STRANGE


WHOLE = reply("www.example.com. 60 IN CNAME a.example.", "a.example. 60 IN A 192.0.2.1").to_wire()


@given(st.binary(max_size=100))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert isinstance(judged(data, A, 7), Told | Verdict)
    assert isinstance(judged(b"\0\7\x80" + data, A, 7), Told | Verdict)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_any_damage_is_judged(at: int, value: int, length: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] = value
    for question in (A, SIGNED):
        assert isinstance(judged(bytes(damaged[:length]), question, 7), Told | Verdict)
