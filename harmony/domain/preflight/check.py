"""A check: one question about the site, with a name that never changes and a time after which nobody
waits for its answer any more.

The peer is the Assisted Installer of OpenShift: its validations have ids in kebab-case, groups, and a
result that is one of success, failure, pending, error and disabled (assisted-service,
models/host_validation_id.go and internal/host/validator.go).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from harmony.domain.preflight.finding import Finding
from inventory.errors import ProvisionerBug

LONGEST = 10.0
"""Seconds: no check runs longer."""

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Group(StrEnum):
    """What of the site a check is about."""

    NAMES = "names"
    ADDRESSES = "addresses"
    LOAD_BALANCER = "load balancer"
    TIME = "time"
    DHCP = "dhcp"
    ARTIFACTS = "artifacts"
    JUMP_HOST = "jump host"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class CheckKind:
    """`id` is what a waiver names; `asks` is the question, `fix` what to do where the answer is no. Past
    `soft` seconds the answer is late, at `hard` there is none."""

    id: str
    group: Group
    asks: str
    fix: str
    soft: float = 2.0
    hard: float = 5.0

    def __post_init__(self) -> None:
        if not _KEBAB.fullmatch(self.id):
            raise ProvisionerBug(f"{self.id!r} is no name for a check")
        if not 0 < self.soft <= self.hard <= LONGEST:
            raise ProvisionerBug(f"{self.id}: soft {self.soft} s, hard {self.hard} s")


@dataclass(frozen=True, slots=True)
class Check:
    """A kind of check applied to one `subject`: a host, a name, an address; what has none is the site."""

    kind: CheckKind
    subject: str
    look: Callable[[], Awaitable[Finding]]
