from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.finding import Finding, Verdict
from harmony.modules.preflight.name_answer import NameAnswer, Resolver, Silence
from harmony.modules.preflight.names import judge_address, judge_no_wildcard, judge_reverse

pytestmark = pytest.mark.unit

ONE = Resolver(IPv4Address("10.7.0.2"), is_ours=False)
TWO = Resolver(IPv4Address("10.7.0.3"), is_ours=False)
OURS = Resolver(IPv4Address("10.7.0.1"), is_ours=True)
API, NAME = IPv4Address("10.7.0.5"), "api.c.home.example"
REVERSE = API.reverse_pointer


def said(*values: str, of: Resolver = ONE, code: str = "NOERROR") -> NameAnswer:
    return NameAnswer(of, NAME, code, values)


def silent(silence: Silence, of: Resolver = ONE) -> NameAnswer:
    return NameAnswer(of, NAME, silence=silence)


def never(_: Resolver) -> bool:
    return False


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (said(of=OURS), Verdict.PENDING),
        (said(code="NXDOMAIN", of=OURS), Verdict.PENDING),
        (said(code="NXDOMAIN"), Verdict.FAILURE),
        (said(code="SERVFAIL", of=OURS), Verdict.FAILURE),
        (said("10.7.0.9", of=OURS), Verdict.FAILURE),
    ],
)
def test_what_serve_makes_may_be_missing_before(answer: NameAnswer, verdict: Verdict) -> None:
    def made(resolver: Resolver) -> bool:
        return resolver is OURS

    for finding in (
        judge_address([answer], API, NAME, made),
        judge_reverse([answer], API, [NAME], made, alone=True),
    ):
        assert finding.verdict is verdict
        assert finding.fix.startswith("nothing now") is (verdict is Verdict.PENDING)


def test_a_name_that_leads_elsewhere_in_full() -> None:
    assert judge_address([said("10.7.0.5"), said("10.7.0.9", of=TWO)], API, NAME, never) == Finding(
        Verdict.FAILURE,
        "api.c.home.example should be 10.7.0.5: 10.7.0.3 says 10.7.0.9",
        {
            "answers": (
                "10.7.0.2: api.c.home.example: 10.7.0.5",
                "10.7.0.3: api.c.home.example: 10.7.0.9",
            )
        },
        "in the zone at 10.7.0.2 and 10.7.0.3: api.c.home.example. IN A 10.7.0.5, and no other A record",
    )


@pytest.mark.parametrize(
    ("answers", "verdict", "words"),
    [
        ([said("10.7.0.5")], Verdict.SUCCESS, "leads to 10.7.0.5"),
        ([said("10.7.0.5", "10.7.0.9")], Verdict.FAILURE, "says 10.7.0.5, 10.7.0.9"),
        ([said()], Verdict.FAILURE, "says no such record"),
        ([said(code="NXDOMAIN")], Verdict.FAILURE, "says NXDOMAIN"),
        ([said(code="SERVFAIL")], Verdict.FAILURE, "says SERVFAIL"),
        ([silent(Silence.TIMED_OUT)], Verdict.FAILURE, "10.7.0.2 doesn't answer"),
        ([silent(Silence.PORT_CLOSED)], Verdict.FAILURE, "its port 53 is closed"),
        ([silent(Silence.TIMED_OUT, OURS)], Verdict.PENDING, "doesn't run yet"),
        ([said("10.7.0.9", of=OURS)], Verdict.FAILURE, "10.7.0.1 says 10.7.0.9"),
        ([said("10.7.0.5"), silent(Silence.PORT_CLOSED, OURS)], Verdict.PENDING, "10.7.0.1"),
        ([said(code="NXDOMAIN"), silent(Silence.PORT_CLOSED, OURS)], Verdict.FAILURE, "NXDOMAIN"),
    ],
)
def test_addresses(answers: list[NameAnswer], verdict: Verdict, words: str) -> None:
    finding = judge_address(answers, API, NAME, never)
    assert finding.verdict is verdict
    assert words in finding.words
    assert bool(finding.fix) is (verdict is not Verdict.SUCCESS)


def test_who_is_silent_is_to_be_reached_first() -> None:
    finding = judge_address([silent(Silence.TIMED_OUT)], API, NAME, never)
    assert finding.fix.startswith(
        "see that a name server runs at 10.7.0.2 and that a firewall lets"
    )


@pytest.mark.parametrize(
    ("values", "alone", "verdict"),
    [
        (("api.c.home.example",), True, Verdict.SUCCESS),
        (("API.c.Home.example",), True, Verdict.SUCCESS),
        (("api.c.home.example", "api-int.c.home.example"), False, Verdict.SUCCESS),
        (("api.c.home.example", "old.home.example"), True, Verdict.FAILURE),
        (("old.home.example",), False, Verdict.FAILURE),
        ((), True, Verdict.FAILURE),
    ],
)
def test_reverse(values: tuple[str, ...], alone: bool, verdict: Verdict) -> None:
    finding = judge_reverse(
        [NameAnswer(ONE, REVERSE, "NOERROR", values)], API, [NAME], never, alone=alone
    )
    assert finding.verdict is verdict
    if verdict is Verdict.FAILURE:
        assert "5.0.7.10.in-addr.arpa. IN PTR api.c.home.example." in finding.fix


def unheard_of(domain: str, *values: str, code: str = "NXDOMAIN") -> NameAnswer:
    return NameAnswer(ONE, f"q7x.{domain}", "NOERROR" if values else code, values)


@pytest.mark.parametrize(
    ("answers", "verdict", "words", "fix"),
    [
        (
            [unheard_of("c.home.example"), unheard_of("home.example")],
            Verdict.SUCCESS,
            "there is no wildcard *.c.home.example and *.home.example",
            "",
        ),
        (
            [unheard_of("c.home.example"), unheard_of("home.example", "10.7.0.6")],
            Verdict.FAILURE,
            "a name that nobody has leads somewhere: 10.7.0.2 says 10.7.0.6 of q7x.home.example",
            "take the record *.home.example out",
        ),
        (
            [unheard_of("c.home.example", "10.7.0.6")],
            Verdict.FAILURE,
            "a name that nobody has leads somewhere: 10.7.0.2 says 10.7.0.6 of q7x.c.home.example",
            "take the record *.c.home.example out",
        ),
        ([unheard_of("home.example", code="REFUSED")], Verdict.SUCCESS, "there is no wildcard", ""),
        (
            [unheard_of("home.example", code="SERVFAIL")],
            Verdict.FAILURE,
            "10.7.0.2 says SERVFAIL of a name that there isn't",
            "see what is wrong with 10.7.0.2",
        ),
    ],
)
def test_wildcards(answers: list[NameAnswer], verdict: Verdict, words: str, fix: str) -> None:
    finding = judge_no_wildcard(answers)
    assert finding.verdict is verdict
    assert words in finding.words
    assert finding.fix.startswith(fix)


@given(
    st.lists(
        st.builds(
            NameAnswer,
            st.sampled_from([ONE, TWO, OURS]),
            st.text(),
            st.text(),
            st.lists(st.text()).map(tuple),
            st.none() | st.sampled_from(Silence),
        ),
        min_size=1,
    )
)
def test_any_answers_come_to_something(answers: list[NameAnswer]) -> None:
    for finding in (
        judge_address(answers, API, NAME, never),
        judge_reverse(answers, API, [NAME, "api.home.example"], never, alone=True),
        judge_no_wildcard(answers),
    ):
        assert finding.words
        assert bool(finding.fix) is (finding.verdict is not Verdict.SUCCESS)
