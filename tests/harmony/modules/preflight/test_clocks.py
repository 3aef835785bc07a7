from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.finding import Verdict
from harmony.modules.preflight.clocks import (
    TimeAnswer,
    TimeSilence,
    judge_jump_host,
    judge_server,
)

pytestmark = pytest.mark.unit

ONE, TWO = IPv4Address("10.7.0.2"), IPv4Address("10.7.0.3")
FAILURE, SUCCESS, PENDING = Verdict.FAILURE, Verdict.SUCCESS, Verdict.PENDING


def told(offset: float, server: IPv4Address = ONE, error: float = 0.001) -> TimeAnswer:
    return TimeAnswer(server, offset, error, 3, synchronized=True)


@pytest.mark.parametrize(
    ("answer", "verdict", "words", "fix"),
    [
        (told(0.0), SUCCESS, "10.7.0.2 tells the time, at stratum 3", ""),
        (told(3600.0), SUCCESS, "10.7.0.2 tells the time, at stratum 3", ""),
        (
            TimeAnswer(ONE),
            FAILURE,
            "10.7.0.2 answers, and its own clock isn't set",
            "local stratum",
        ),
        (TimeAnswer(ONE, kiss="DENY"), FAILURE, "refuses to tell the time (DENY)", "serve this"),
        (
            TimeAnswer(ONE, silence=TimeSilence.PORT_CLOSED),
            FAILURE,
            "10.7.0.2 is there and no time server is: its UDP port 123 is closed",
            "see that a time server runs at 10.7.0.2",
        ),
        (TimeAnswer(ONE, silence=TimeSilence.TIMED_OUT), FAILURE, "doesn't answer", "firewall"),
    ],
)
def test_a_server(answer: TimeAnswer, verdict: Verdict, words: str, fix: str) -> None:
    finding = judge_server(answer)
    assert finding.verdict is verdict
    assert words in finding.words
    assert fix in finding.fix


@pytest.mark.parametrize(
    ("answers", "verdict", "words"),
    [
        ([told(0.0)], SUCCESS, "within 0.001 s of 10.7.0.2"),
        ([told(-0.9), told(0.4, TWO)], SUCCESS, "within 0.900 s of 10.7.0.2 and 10.7.0.3"),
        ([told(1.5, error=0.6)], SUCCESS, "within 1.500 s"),
        ([told(1.5)], FAILURE, "the jump host's clock is 1.5 s behind 10.7.0.2"),
        ([told(-300.0)], FAILURE, "the jump host's clock is 5 minutes ahead of 10.7.0.2"),
        ([told(-9000.0)], FAILURE, "2 hours ahead of"),
        ([told(7e8)], FAILURE, "8102 days behind"),
        (
            [told(0.0), told(9.0, TWO)],
            FAILURE,
            "the jump host agrees with 10.7.0.2, and is 9.0 s behind 10.7.0.3",
        ),
        ([TimeAnswer(ONE, 9.0)], PENDING, "no time server says what time it is"),
        ([TimeAnswer(ONE, silence=TimeSilence.TIMED_OUT), told(0.0, TWO)], SUCCESS, "10.7.0.3"),
    ],
)
def test_the_jump_host(answers: list[TimeAnswer], verdict: Verdict, words: str) -> None:
    finding = judge_jump_host(answers)
    assert (finding.verdict, words in finding.words) == (verdict, True), finding


@given(st.lists(st.builds(TimeAnswer, st.just(ONE), st.floats(-1e12, 1e12), st.floats(0, 5))))
def test_any_answers_come_to_something(answers: list[TimeAnswer]) -> None:
    finding = judge_jump_host(answers)
    assert bool(finding.fix) is (finding.verdict is not SUCCESS)
