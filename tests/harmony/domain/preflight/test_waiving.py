from __future__ import annotations

import pytest

from harmony.domain.preflight.waiving import judge_waivers, without_effect
from inventory import Waiver
from inventory.codes import Code
from tests.harmony.domain.preflight.results import FAILURE, SUCCESS, result

pytestmark = pytest.mark.unit

KNOWN = ("ntp-server", "jump-host-clock")


@pytest.mark.parametrize(
    ("waiver", "codes", "help"),
    [
        (Waiver("ntp-server", "no NTP in the lab"), [], ""),
        (Waiver("ntp-servers", "typed badly"), [Code.UNKNOWN_CHECK], "did you mean 'ntp-server'?"),
        (Waiver("dns", "?"), [Code.UNKNOWN_CHECK], "one of jump-host-clock, ntp-server"),
        (Waiver("ntp-server", " "), [Code.WAIVER_WITHOUT_REASON], "say in a sentence"),
        (Waiver("dns", ""), [Code.UNKNOWN_CHECK, Code.WAIVER_WITHOUT_REASON], "one of"),
    ],
)
def test_each_names_a_check_and_says_why(waiver: Waiver, codes: list[Code], help: str) -> None:
    found = list(judge_waivers([waiver], KNOWN))
    assert [one.code for one in found] == codes
    assert not found or found[0].help[0].startswith(help)


def test_one_that_covers_nothing_is_named() -> None:
    results = [result("ntp-server", "a", SUCCESS), result("jump-host-clock", "", FAILURE)]
    waivers = [
        Waiver("ntp-server", "Monday"),
        Waiver("ntp-server", "Monday", "w9"),
        Waiver("jump-host-clock", "Monday"),
    ]
    assert list(without_effect(waivers, results)) == [
        "the waiver of ntp-server has no effect: it doesn't fail",
        "the waiver of ntp-server of w9 has no effect: nothing of the kind is looked at",
    ]
