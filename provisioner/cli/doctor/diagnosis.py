"""From what was seen to what is wrong: one ordered tuple of rules. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from provisioner.cli.doctor import address_rules, boot_rules, fetch_rules
from provisioner.cli.doctor.observation import Finding, Observations

Rule: TypeAlias = Callable[[Observations], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    address_rules.no_offer,
    address_rules.other_servers,
    address_rules.wrong_subnet,
    address_rules.odd_times,
    address_rules.slow,
    address_rules.address_in_use,
    address_rules.not_acknowledged,
    boot_rules.no_boot_file,
    boot_rules.wrong_next_server,
    boot_rules.options_disagree,
    boot_rules.ipxe_loop,
    boot_rules.not_by_http,
    fetch_rules.tftp,
    fetch_rules.http,
    fetch_rules.names,
)


def diagnose(seen: Observations) -> tuple[Finding, ...]:
    """Everything that is wrong, what comes first in a boot first; none when it is healthy."""
    return tuple(finding for rule in RULES for finding in rule(seen))
