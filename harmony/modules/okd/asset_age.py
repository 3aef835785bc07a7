"""How long the installer's output is good for: its certificates end 24 hours after it was made.

| bootstrap        | under 12 h | 12 h to 24 h | 24 h and more |
| not begun        | Fresh      | Renew        | Late          |
| under way        | Fresh      | Fresh        | Late          |
| complete         | Settled    | Settled      | Settled       |

The documentation asks that a cluster is begun within 12 hours, so that its installation ends before the
certificates do. One that is under way is not torn down for its 13th hour: its certificates still hold.
What is renewed is a new asset directory, for the old one's state file brings the old certificates back; a
machine that was installed out of the old one trusts another CA and is to be reinstalled.
Source: OKD's documentation, "Creating the Kubernetes manifest and Ignition config files".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RENEW_AFTER = timedelta(hours=12)
VALID_FOR = timedelta(hours=24)


class Bootstrap(StrEnum):
    NOT_BEGUN = "not begun"
    UNDER_WAY = "under way"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Fresh:
    """To be used; `renew_at` and `ends_at` are the countdowns to show."""

    renew_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Renew:
    """To be made anew, in a new directory, before anything is begun; `reinstall` are the machines that were
    installed out of the old one, each after its operator's word."""

    reinstall: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Late:
    """The certificates have ended: nothing that is not up by now will come up. Otherwise as `Renew`."""

    reinstall: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The cluster has its own certificates, which it rotates itself."""

    reason: str


AssetAge = Fresh | Renew | Late | Settled


def judge_age(
    made_at: datetime, now: datetime, bootstrap: Bootstrap, installed: tuple[str, ...] = ()
) -> AssetAge:
    """Both times have their time zone; `installed` are the machines installed out of these assets."""
    age = now - made_at
    if bootstrap is Bootstrap.COMPLETE:
        return Settled("bootstrap is complete: the cluster rotates its certificates itself")
    if age < timedelta(0):
        words = (
            f"{_hours(-age)} from now: this clock was set back, and certificates are not valid yet"
        )
        return Renew(installed, f"made {words}")
    if age >= VALID_FOR:
        return Late(installed, f"made {_hours(age)} ago, and certificates end after 24 h")
    if age >= RENEW_AFTER and bootstrap is Bootstrap.NOT_BEGUN:
        return Renew(installed, f"made {_hours(age)} ago: too little is left for an installation")
    left = f"{_hours(VALID_FOR - age)} are left"
    under_way = bootstrap is Bootstrap.UNDER_WAY
    reason = f"bootstrap is under way, and {left}" if under_way else f"{left} of 24 h"
    return Fresh(made_at + RENEW_AFTER, made_at + VALID_FOR, reason)


def _hours(span: timedelta) -> str:
    """Such as `12 h 30 min`."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min"
