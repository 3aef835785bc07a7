from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.entrance import Balancer
from harmony.domain.preflight.finding import Verdict
from harmony.modules.preflight.fronts import End, Front, Knocked, Purpose, judge_front

pytestmark = pytest.mark.unit

ADDRESS = IPv4Address("10.7.0.5")
API = Front(ADDRESS, 6443, "api.c.example", "/readyz", True, Purpose.HEALTH)
HTTP = Front(ADDRESS, 80, "q7x.apps.c.example", "/", False, Purpose.ROUTER)
SITE, OURS = Balancer.SITE, Balancer.JUMP_HOST


@pytest.mark.parametrize(
    ("front", "knocked", "balancer", "verdict", "words", "fix"),
    [
        (API, Knocked(End.ANSWERED, 200), SITE, "success", "answers 200 to /readyz", ""),
        (API, Knocked(End.ANSWERED, 403), SITE, "success", "answers 403", ""),
        (API, Knocked(End.ANSWERED, 500), SITE, "pending", "it isn't ready", "nothing, while"),
        (API, Knocked(End.ANSWERED, 404), SITE, "failure", "answers 404 to /readyz", "pass 10.7"),
        (HTTP, Knocked(End.ANSWERED, 503), SITE, "success", "10.7.0.5:80 answers 503", ""),
        (API, Knocked(End.CLOSED), SITE, "pending", "nobody is behind it yet", "nothing, if"),
        (API, Knocked(End.SILENT), SITE, "pending", "nobody is behind it yet", "nothing, if"),
        (
            API,
            Knocked(End.NO_TLS),
            SITE,
            "failure",
            "10.7.0.5:6443 takes the",
            "pass 10.7.0.5:6443",
        ),
        (API, Knocked(End.REFUSED), SITE, "failure", "refuses", "the machine is there and nothing"),
        (API, Knocked(End.TIMED_OUT), SITE, "failure", "doesn't answer", "what is sent is dropped"),
        (API, Knocked(End.UNREACHABLE), SITE, "failure", "can't be reached", "give the load"),
        (API, Knocked(End.REFUSED), OURS, "pending", "doesn't run yet", "nothing now"),
        (API, Knocked(End.NO_HTTP), OURS, "failure", "is no HTTP", "pass 10.7.0.5:6443"),
    ],
)
def test_each_end(
    front: Front, knocked: Knocked, balancer: Balancer, verdict: str, words: str, fix: str
) -> None:
    finding = judge_front(front, knocked, balancer)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding
    assert finding.fix.startswith(fix)


@given(
    st.sampled_from([API, HTTP]),
    st.builds(Knocked, st.sampled_from(End), st.integers(100, 999)),
    st.sampled_from([SITE, OURS]),
)
def test_any_end_comes_to_something(front: Front, knocked: Knocked, balancer: Balancer) -> None:
    finding = judge_front(front, knocked, balancer)
    assert finding.words.startswith(str(front))
    assert bool(finding.fix) is (finding.verdict is not Verdict.SUCCESS)
