"""One name, what stands there, what is wanted: the table of the file's docstring, line by line."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from harmony.infra.dynamic_dns.claim import Claim, Kind
from harmony.infra.dynamic_dns.name_plan import NameChange, plan_name
from harmony.infra.errors import ContributionRefusedError, NameTakenError
from inventory.codes import Code
from tests.harmony.infra.dynamic_dns.zones import zone_copy

pytestmark = pytest.mark.unit

US, THEM, PEOPLE = "home/names", "home/more", "people"
API = "api.home.example"
POINTER = "10.0.7.10.in-addr.arpa"


def claim(owner: str, *values: str, ttl: int = 60, kind: Kind = "A") -> Claim:
    return Claim(owner, kind, ttl, frozenset(values))


def written(one: Claim) -> str:
    strings = " ".join(f'"{string.decode()}"' for string in one.strings())
    return f"_harmony.api TXT {strings}\n"


OURS, THEIRS = claim(US, "10.7.0.10"), claim(THEM, "10.7.0.10")
TEN, ELEVEN = "api 60 A 10.7.0.10\n", "api 60 A 10.7.0.11\n"


@dataclass(frozen=True)
class Case:
    zone: str
    wish: Claim | None
    what: str | None
    claims: frozenset[Claim] = frozenset()
    ttl: int = 60


CHANGES = {
    "new": Case("", OURS, "+10.7.0.10", frozenset({OURS})),
    "several": Case(
        "", claim(US, "10.7.0.1", "10.7.0.2"), "+10.7.0.1 +10.7.0.2",
        frozenset({claim(US, "10.7.0.1", "10.7.0.2")}),
    ),
    "made by hand just so": Case("api 3600 A 10.7.0.10\n", OURS, None),
    "text beside it by hand": Case('api TXT "hello"\n', OURS, "+10.7.0.10", frozenset({OURS})),
    "done": Case(TEN + written(OURS), OURS, None),
    "another address": Case(
        TEN + written(OURS), claim(US, "10.7.0.11"), "+10.7.0.11 -10.7.0.10",
        frozenset({claim(US, "10.7.0.11")}),
    ),
    "one more address": Case(
        TEN + written(OURS), claim(US, "10.7.0.10", "10.7.0.11"), "+10.7.0.11",
        frozenset({claim(US, "10.7.0.10", "10.7.0.11")}),
    ),
    "another TTL": Case(
        TEN + written(OURS), claim(US, "10.7.0.10", ttl=300), "+10.7.0.10",
        frozenset({claim(US, "10.7.0.10", ttl=300)}), 300,
    ),
    "TTL changed by hand": Case(
        "api 5 A 10.7.0.10\n" + written(OURS), OURS, "+10.7.0.10", frozenset({OURS})
    ),
    "taken away by hand": Case(written(OURS), OURS, "+10.7.0.10", frozenset({OURS})),
    "another owner's, the same": Case(TEN + written(THEIRS), OURS, "claimed", frozenset({OURS, THEIRS})),
    "another owner's, with a longer TTL": Case(
        "api 300 A 10.7.0.10\n" + written(claim(THEM, "10.7.0.10", ttl=300)), OURS, "+10.7.0.10",
        frozenset({OURS, claim(THEM, "10.7.0.10", ttl=300)}),
    ),
    "another owner's, with a shorter TTL": Case(
        "api 5 A 10.7.0.10\n" + written(claim(THEM, "10.7.0.10", ttl=5)), OURS, "claimed",
        frozenset({OURS, claim(THEM, "10.7.0.10", ttl=5)}), 5,
    ),
    "both have it": Case(TEN + written(OURS) + written(THEIRS), OURS, None),
    "no more": Case(TEN + written(OURS), None, "-10.7.0.10"),
    "no more, and by hand already": Case(written(OURS), None, "given up"),
    "no more, but another owner's": Case(
        TEN + written(OURS) + written(THEIRS), None, "given up", frozenset({THEIRS})
    ),
    "no more, beside another by hand": Case(TEN + ELEVEN + written(OURS), None, "-10.7.0.10", ttl=0),
    "never ours": Case(TEN + written(THEIRS), None, None),
    "never anybody's": Case("", None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES)
def test_changes(case: Case) -> None:
    change = planned(case)
    assert (change and change.what) == (case.what and f"{API} A {case.what}")
    if change is not None:
        assert change.claims_after == case.claims
        if case.claims:
            assert change.ttl == case.ttl


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES)
def test_nothing_is_left_to_do_after_it(case: Case) -> None:
    change = planned(case)
    if change is None:
        return
    after = carried_out(case.zone, change)
    assert planned(Case(after, case.wish, None)) is None, after


REFUSED = {
    "another address by hand": (
        ELEVEN,
        r"has A 10\.7\.0\.11, made by hand: it is never overwritten",
    ),
    "one more by hand": (TEN + ELEVEN, r"has A 10\.7\.0\.10, 10\.7\.0\.11, made by hand"),
    "one more by hand beside ours": (
        TEN + ELEVEN + written(OURS),
        r"has A 10\.7\.0\.11, made by hand",
    ),
    "an alias": ("api CNAME printer\n", r"has CNAME printer\.home\.example, made by hand"),
    "an IPv6 address": ("api AAAA fd00::1\n", r"has AAAA fd00::1, made by hand"),
    "delegated": ("api NS ns.api\nns.api A 10.7.0.9\n", "another zone has the names"),
    "something else where claims are": ('_harmony.api TXT "x"\n', "no claim of ours: delete it"),
}


@pytest.mark.parametrize("zone, why", REFUSED.values(), ids=REFUSED)
def test_made_by_hand(zone: str, why: str) -> None:
    with pytest.raises(NameTakenError, match=why):
        planned(Case(zone, OURS, None))


@pytest.mark.parametrize("zone", [TEN, TEN + ELEVEN, ELEVEN])
def test_two_owners_want_a_name_differently(zone: str) -> None:
    with pytest.raises(
        ContributionRefusedError, match=r"home/more gave it 10\.7\.0\.10"
    ) as refused:
        planned(Case(zone + written(THEIRS), claim(US, "10.7.0.11"), None))
    (collision,) = refused.value.diagnostics
    assert collision.code == Code.COLLIDING_RECORDS
    assert collision.message == "home/more and home/names give api.home.example different addresses"
    assert collision.notes == ("home/more: 10.7.0.10", "home/names: 10.7.0.11")


CP1, CP2 = "cp1.home.example", "cp2.home.example"
POINTERS = {
    "new": ("", CP1, f"+{CP1}"),
    "by hand just so": (f"@ PTR {CP1}.\n", CP1, None),
    "by hand, to a name that leads back": (f"@ PTR {CP2}.\n", CP1, None),
    "first another owner's": (
        f"@ PTR {CP2}.\n" + written(claim(THEM, CP2, kind="PTR")).replace(".api", ""), CP1, None,
    ),
    "another owner's, the same": (
        f"@ 60 PTR {CP1}.\n" + written(claim(THEM, CP1, kind="PTR")).replace(".api", ""), CP1, "claimed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("zone, target, what", POINTERS.values(), ids=POINTERS)
def test_pointers(zone: str, target: str, what: str | None) -> None:
    copy = zone_copy(zone, POINTER)
    wish = claim(US, target, kind="PTR")
    change = plan_name(copy, POINTER, US, wish, lambda name: name == CP2)
    assert (change and change.what) == (what and f"{POINTER} PTR {what}")


def test_a_pointer_by_hand_that_leads_nowhere() -> None:
    copy = zone_copy("@ PTR old.home.example.\n", POINTER)
    with pytest.raises(NameTakenError, match=r"has PTR old\.home\.example, made by hand"):
        plan_name(copy, POINTER, US, claim(US, CP1, kind="PTR"), lambda _: False)


def planned(case: Case) -> NameChange | None:
    return plan_name(zone_copy(case.zone), API, US, case.wish, lambda _: False)


def carried_out(zone: str, change: NameChange) -> str:
    """The zone's text afterwards."""
    standing = zone_copy(zone).standing(API, "A")
    current = (standing.values if standing else frozenset[str]()) - change.removed | change.added
    addresses = (f"api {change.ttl} A {value}\n" for value in current)
    others = (
        line for line in zone.splitlines(keepends=True) if " A " not in line and "_harm" not in line
    )
    return "".join((*others, *addresses, *map(written, change.claims_after)))
