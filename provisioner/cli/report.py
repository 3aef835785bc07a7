"""The report of a rehearsal: what passed, how long each phase took, and which parts were real.

It is written under the digest of the declaration, so that `serve` and `status` can say whether this
very declaration has been rehearsed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from provisioner.cli.phases import Phase


class Reality(StrEnum):
    """How true a part of the rehearsal was to the site."""

    REAL = "real"
    EMULATED = "emulated"
    STAND_IN = "stand-in"


@dataclass(frozen=True)
class Part:
    """One part of what ran, its version and, for a file of ours, its sha256."""

    name: str
    reality: Reality
    version: str
    sha256: str = ""


@dataclass(frozen=True)
class HostReport:
    name: str
    state: str
    phases: tuple[Phase, ...]
    reason: str = ""


@dataclass(frozen=True)
class ScoreReport:
    name: str
    status: str
    message: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """`began` in seconds since the epoch. `until` is the state the run was asked to reach;
    `not_rehearsed` names what the site has and the lab had not."""

    site: str
    declaration: str
    product: str
    began: float
    seconds: float
    passed: bool
    until: str
    acceleration: str
    hosts: tuple[HostReport, ...]
    scores: tuple[ScoreReport, ...]
    parts: tuple[Part, ...]
    not_rehearsed: tuple[str, ...] = ()
    failure: Annotated[str, Field(description="the diagnosis, if it failed")] = ""


_REPORT = TypeAdapter(Report)


def to_json(report: Report) -> bytes:
    """The report as JSON, indented for a reader."""
    return _REPORT.dump_json(report, indent=2) + b"\n"


def from_json(text: bytes) -> Report:
    """Reads `to_json`'s output; pydantic's ValidationError if it isn't that."""
    return _REPORT.validate_json(text)


def as_text(report: Report) -> str:
    """The report for a terminal: one line per host and Score, then the parts that were not real."""
    verdict = "passed" if report.passed else "FAILED"
    lines = [f"rehearsal of {report.site} {verdict} after {_clock(report.seconds)}"]
    for host in report.hosts:
        spent = ", ".join(f"{p.name} {_clock(p.seconds)}" for p in host.phases if p.seconds)
        lines.append(f"  {host.name:12} {host.state:10} {spent}")
    lines += [
        f"  {score.name:28} {score.status:8} {_clock(score.seconds)}  {score.message}"
        for score in report.scores
    ]
    unreal = [part for part in report.parts if part.reality is not Reality.REAL]
    lines += [f"  {part.reality}: {part.name} ({part.version})" for part in unreal]
    lines += [f"  not rehearsed: {what}" for what in report.not_rehearsed]
    return "\n".join(lines)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
