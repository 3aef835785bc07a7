from __future__ import annotations

import io

import pytest

from harmony.domain.preflight.change import CheckChanged, CheckDropped, PreflightEvent
from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.report import PreflightReport
from harmony.domain.preflight.result import Result
from provisioner.cli.preflight.shown import show

pytestmark = pytest.mark.unit

RESULTS = (
    Result("host-name", "names", "cp1", Verdict.SUCCESS, "[cp1] leads to 10.7.0.11", {}),
    Result(
        "host-name", "names", "w1", Verdict.FAILURE, "NXDOMAIN", {}, "add the record", late=True
    ),
    Result("ntp", "time", "10.7.0.3", Verdict.FAILURE, "closed", {}, "open it", waived="Monday"),
    Result("clock", "time", "", Verdict.PENDING, "nobody says", {}, "mend the servers"),
)


def shown(*results: Result) -> str:
    out = io.StringIO()
    events: list[PreflightEvent] = [
        CheckChanged("ntp", "10.7.0.3", Verdict.SUCCESS, Verdict.FAILURE, "closed", "Monday"),
        CheckDropped("clock", "old", Verdict.ERROR),
    ]
    show(PreflightReport("home", "site", 5.0, results), events, ["nothing is kept"], out)
    return out.getvalue()


def test_in_full() -> None:
    assert shown(*RESULTS) == (
        "RESULT           CHECK\n"
        "                 names\n"
        "success          host-name of cp1: [cp1] leads to 10.7.0.11\n"
        "failure, late    host-name of w1: NXDOMAIN\n"
        "                 do: add the record\n"
        "                 time\n"
        "failure, waived  ntp of 10.7.0.3: closed\n"
        "                 waived: Monday\n"
        "pending          clock: nobody says\n"
        "                 do: mend the servers\n"
        "changed: ntp of 10.7.0.3: success before, failure now, waived: Monday\n"
        "changed: clock of old is made no more\n"
        "note: nothing is kept\n"
        "site 'home': 1 success, 2 failure, 1 pending, 1 of them waived;"
        " not ready: nothing should be powered on\n"
    )


def test_what_is_waived_or_pending_is_not_in_the_way() -> None:
    assert "; nothing stands in the way\n" in shown(RESULTS[0], *RESULTS[2:])


def test_nothing_at_all() -> None:
    assert "site 'home': nothing to look at; nothing stands in the way\n" in shown()
