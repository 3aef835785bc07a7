"""How long each host spent in each phase of its way, folded from the daemon's events.

A phase begins with the event that ends the one before; one that was never entered has no duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PHASES = (
    ("firmware", "power-on to the first DHCP message"),
    ("network boot", "first DHCP message to the hardware report"),
    ("waiting", "hardware report to the order to install"),
    ("installing", "order to install to image written and verified"),
    ("first boot", "image written to the first-boot report"),
    ("joining", "first-boot report to node Ready"),
)


@dataclass(frozen=True, slots=True)
class Phase:
    """`began` in seconds since the epoch; `seconds`, its length, is None while it lasts."""

    name: str
    began: float
    seconds: float | None


_ENDS = {
    "PoweredOn": "firmware",
    "DiscoverHeard": "network boot",
    "ReportStored": "waiting",
    "InstallOrdered": "installing",
    "ImageWritten": "first boot",
    "FirstBootReported": "joining",
    "NodeReady": None,
}


def phases_of(host: str, events: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """The phases of one host, in order, from its first power-on (later repetitions don't count).

    `events` are the daemon's, oldest first, with the command's own `PoweredOn` and `NodeReady`.
    """
    marks: dict[str, float] = {}
    for event in events:
        if event["host"] == host and event["kind"] in _ENDS:
            marks.setdefault(event["kind"], event["time"])
    known = [(kind, marks[kind]) for kind in _ENDS if kind in marks]
    return tuple(
        Phase(name, began, _length(began, known, at))
        for at, (kind, began) in enumerate(known)
        if (name := _ENDS[kind]) is not None
    )


def _length(began: float, known: list[tuple[str, float]], at: int) -> float | None:
    return known[at + 1][1] - began if at + 1 < len(known) else None
