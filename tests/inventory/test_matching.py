from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import BIOS, UEFI, Host, MatchRule, Nic
from inventory.matching import (
    Ambiguous,
    MachineFacts,
    Match,
    Matched,
    Unmatched,
    WhyNot,
    match,
    misfits,
    stricter,
)

pytestmark = pytest.mark.unit

GIB = 2**30
MAC, OTHER_MAC = "52:54:00:07:00:11", "52:54:00:07:00:12"
UUID, SWAPPED = "00112233-4455-6677-8899-aabbccddeeff", "33221100-5544-7766-8899-AABBCCDDEEFF"

# What a "32 GiB" machine reports: firmware and kernel keep some.
MACHINE = MachineFacts((MAC, OTHER_MAC), "S1", UUID, UEFI, cpus=8, memory=31 * GIB, disks=2)

WORKER = Host("w1", match=MatchRule(min_nics=2, min_memory_gib=32))
SECOND = Host("w2", match=MatchRule(min_nics=2, min_memory_gib=32))
STORAGE = Host("s1", match=MatchRule(min_disks=2))
STRICT = Host("g1", match=MatchRule(2, 32, 2, 8, UEFI))

CASES: dict[str, tuple[list[Host], dict[str, str], Match]] = {
    "MAC": ([Host("a", [Nic("5254.0007.0011")])], {}, Matched("a", f"MAC {MAC}")),
    "MAC of any card": ([Host("a", [Nic(OTHER_MAC)])], {}, Matched("a", f"MAC {OTHER_MAC}")),
    "serial": ([Host("a", serial=" s1")], {}, Matched("a", "serial  s1")),
    "UUID": ([Host("a", system_uuid=UUID.upper())], {}, Matched("a", f"UUID {UUID}")),
    "UUID of old firmware": (
        [Host("a", system_uuid=SWAPPED)],
        {},
        Matched("a", f"UUID {SWAPPED.lower()}"),
    ),
    "by two ways": (
        [Host("a", [Nic(MAC)], serial="S1")],
        {},
        Matched("a", f"MAC {MAC}, serial S1"),
    ),
    "two hosts at once": (
        [Host("a", [Nic(MAC)]), Host("b", serial="S1")],
        {},
        Ambiguous(("a", "b"), f"it is known as a by MAC {MAC}; b by serial S1"),
    ),
    "identity before rule": ([WORKER, Host("a", [Nic(MAC)])], {}, Matched("a", f"MAC {MAC}")),
    "rule": ([WORKER], {}, Matched("w1", "the rule of w1")),
    "first free of equal rules": ([WORKER, SECOND], {}, Matched("w1", "the rule of w1")),
    "next free of equal rules": (
        [WORKER, SECOND],
        {"w1": OTHER_MAC},
        Matched("w2", "the rule of w2"),
    ),
    "strictest rule": ([WORKER, STORAGE, STRICT], {}, Matched("g1", "the rule of g1")),
    "no strictest rule": (
        [WORKER, STORAGE],
        {},
        Ambiguous(("w1", "s1"), "it fits the rules of w1, s1, and none is the strictest"),
    ),
    "nothing": (
        [
            Host("a", [Nic("52:54:00:07:00:99")]),
            Host("b", serial="S2", system_uuid="7d1f4f7e-5a5c-4a0e-b7a6-5f0a4e1f2b3c"),
            Host("c", match=MatchRule(3, 64, 4, 16, BIOS)),
            Host("d", match=MatchRule(2)),
            Host("e"),
        ],
        {"d": "52:54:00:07:00:77"},
        Unmatched(
            (
                WhyNot("a", ("is known by MAC 52:54:00:07:00:99",)),
                WhyNot(
                    "b", ("is known by serial S2 or UUID 7d1f4f7e-5a5c-4a0e-b7a6-5f0a4e1f2b3c",)
                ),
                WhyNot(
                    "c",
                    (
                        "has 2 network cards, needs 3",
                        "has 31.0 GiB of memory, needs 64",
                        "has 2 disks, needs 4",
                        "has 8 CPUs, needs 16",
                        "has UEFI firmware, needs BIOS",
                    ),
                ),
                WhyNot("d", ("is machine 52:54:00:07:00:77 already",)),
                WhyNot("e", ("is known by nothing",)),
            )
        ),
    ),
    "its host is another machine already": (
        [Host("a", [Nic(MAC)]), STORAGE],
        {"a": "52:54:00:07:00:77"},
        Unmatched(
            (
                WhyNot("a", ("is machine 52:54:00:07:00:77 already",)),
                WhyNot("s1", ()),
            )
        ),
    ),
}


@pytest.mark.parametrize(("hosts", "taken", "expected"), CASES.values(), ids=CASES)
def test_match(hosts: list[Host], taken: dict[str, str], expected: Match) -> None:
    assert match(hosts, MACHINE, taken) == expected


def test_a_rule_makes_no_second_host_of_a_machine_that_may_be_known() -> None:
    alike = ("w1 (52:54:00:07:00:77) has the same UUID",)
    taken = {"w1": "52:54:00:07:00:77"}
    assert match([WORKER, SECOND], MACHINE, taken, alike) == Ambiguous(
        ("w2",),
        "it may be a known machine: w1 (52:54:00:07:00:77) has the same UUID; if it is new, w2",
    )
    declared = Host("a", [Nic(MAC)])
    assert match([SECOND, declared], MACHINE, taken, alike) == Matched("a", f"MAC {MAC}")


few = st.integers(0, 3)
rules = st.builds(MatchRule, few, few, few, few, st.sampled_from([None, BIOS, UEFI]))
machines = st.builds(
    MachineFacts,
    st.lists(st.just(MAC), max_size=3).map(tuple),
    st.just(""),
    st.just(""),
    st.sampled_from([BIOS, UEFI]),
    few,
    few.map(lambda gib: gib * GIB),
    few,
)


@given(rules, rules, machines)
def test_what_fits_a_stricter_rule_fits_the_other(
    one: MatchRule, other: MatchRule, machine: MachineFacts
) -> None:
    if stricter(one, other) and not misfits(one, machine):
        assert not misfits(other, machine)


@given(st.lists(rules, min_size=1, max_size=4), machines)
def test_which_rule_wins_does_not_hang_on_the_order(
    given_rules: list[MatchRule], machine: MachineFacts
) -> None:
    hosts = [Host(f"h{at}", match=rule) for at, rule in enumerate(given_rules)]
    first = match(hosts, machine, {})
    second = match(hosts[::-1], machine, {})
    assert type(first) is type(second)
    if isinstance(first, Matched) and isinstance(second, Matched):
        by_name = {host.name: host.match for host in hosts}
        one, other = by_name[first.host], by_name[second.host]
        assert one
        assert other
        assert stricter(one, other)
        assert stricter(other, one)
