from __future__ import annotations

import pytest

from inventory.diagnostic import Severity
from tests.inventory.written import brief, findings

pytestmark = pytest.mark.unit

BIG = "RehearsedMachine(nics=4, memory_gib=64)"

CASES: dict[str, tuple[str, list[str]]] = {
    "interchangeable": (
        f"""
        rule = MatchRule(min_nics=2, rehearse_as={BIG})
        home = site(Host("a", match=rule), Host("b", match=rule))
        """,
        [],
    ),
    "one stricter in everything": (
        f"""
        home = site(
            Host("a", match=MatchRule(min_nics=2, rehearse_as={BIG})),
            Host("b", match=MatchRule(min_nics=2, min_memory_gib=32, rehearse_as={BIG})),
        )
        """,
        [],
    ),
    "neither stricter": (
        f"""
        big = {BIG}
        home = site(
            Host("a", match=MatchRule(min_nics=2, rehearse_as=big)),
            Host("b", match=MatchRule(min_memory_gib=32, rehearse_as=big)),
        )
        """,
        ["HP0031 match=MatchRule(min_memory_gib=32, rehearse_as=big) | overlaps the rule of 'a'"],
    ),
    "firmware keeps them apart": (
        f"""
        big = {BIG}
        home = site(
            Host("a", firmware=BIOS, match=MatchRule(2, firmware=BIOS, rehearse_as=big)),
            Host("b", match=MatchRule(1, 32, firmware=UEFI, rehearse_as=big)),
        )
        """,
        [],
    ),
    "firmware against itself": (
        f"""
        big = {BIG}
        home = site(Host("a", match=MatchRule(firmware=BIOS, rehearse_as=big)))
        """,
        ["HP0034 match=MatchRule(firmware=BIOS, rehearse_as=big) | takes BIOS only"],
    ),
    "no rehearsal": (
        'home = site(Host("a", match=MatchRule(2)))',
        ["HP0036 match=MatchRule(2) | says nothing of a rehearsal"],
    ),
    "rehearsal too small": (
        'home = site(Host("a", match=MatchRule(2, 32, rehearse_as=RehearsedMachine(1, 16))))',
        ["HP0037 RehearsedMachine | has nics 1 of 2, memory_gib 16 of 32"],
    ),
    "known by MAC as well": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11")], match=MatchRule(2)))',
        [],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_rules(source: str, expected: list[str]) -> None:
    assert brief(source) == expected


def test_overlap_is_a_warning() -> None:
    assert findings(CASES["neither stricter"][0])[0].severity is Severity.WARNING
