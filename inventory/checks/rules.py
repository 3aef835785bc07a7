"""Hosts known by rule: rules that leave it open which host a machine is, and their rehearsals."""

from __future__ import annotations

from itertools import combinations

from inventory.checks.finding import Findings, finding, first_place
from inventory.codes import Code
from inventory.diagnostic import Severity
from inventory.host import Host, MatchRule
from inventory.matching import known_by_rule, stricter
from inventory.site import Site


def rule_findings(site: Site) -> Findings:
    ruled = [(host, host.match) for host in site.hosts if host.match and known_by_rule(host)]
    for host, rule in ruled:
        yield from _firmware(host, rule)
        yield from _rehearsal(host, rule)
    for (one, rule), (other, another) in combinations(ruled, 2):
        if _open_between(rule, another):
            yield finding(
                Code.OVERLAPPING_RULES,
                f"a machine can fit both host {one.name!r} and host {other.name!r}",
                other,
                "match",
                label=f"overlaps the rule of {one.name!r}",
                help="make one rule at least as strict as the other in everything; "
                "else an operator is asked for each machine that fits both",
                notes=first_place(f"the rule of {one.name!r} is", one, "match"),
                severity=Severity.WARNING,
            )


def _open_between(one: MatchRule, other: MatchRule) -> bool:
    """Neither rule is the stricter one, they are not the same, and one machine may fit both."""
    if one.firmware and other.firmware and one.firmware is not other.firmware:
        return False
    return not stricter(one, other) and not stricter(other, one)


def _firmware(host: Host, rule: MatchRule) -> Findings:
    if rule.firmware is not None and rule.firmware is not host.firmware:
        yield finding(
            Code.FIRMWARE_CONTRADICTION,
            f"host {host.name!r} is declared {host.firmware.upper()}, "
            f"but its rule takes {rule.firmware.upper()} machines only",
            host,
            "match",
            label=f"takes {rule.firmware.upper()} only",
            help=f"write firmware={rule.firmware.upper()} on the host, or leave it out of the rule",
        )


def _rehearsal(host: Host, rule: MatchRule) -> Findings:
    stand = rule.rehearse_as
    if stand is None:
        yield finding(
            Code.RULE_NEEDS_REHEARSAL,
            f"host {host.name!r} is known by rule only: what is a rehearsal to make for it?",
            host,
            "match",
            label="says nothing of a rehearsal",
            help="MatchRule(…, rehearse_as=RehearsedMachine(nics=…, memory_gib=…))",
            severity=Severity.WARNING,
        )
        return
    short = [
        f"{word} {have} of {want}"
        for word, have, want in (
            ("nics", stand.nics, rule.min_nics),
            ("memory_gib", stand.memory_gib, rule.min_memory_gib),
            ("cpus", stand.cpus, rule.min_cpus),
            ("disks", 1, rule.min_disks),
        )
        if have < want
    ]
    if short:
        yield finding(
            Code.REHEARSAL_BREAKS_RULE,
            f"what host {host.name!r} is rehearsed as does not fit its own rule",
            stand,
            label=f"has {', '.join(short)}",
            help="rehearse it as a machine that fits the rule",
        )
