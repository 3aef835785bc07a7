"""Conditions, by which operators say how their objects are (OpenShift's ClusterOperatorStatusCondition and
Kubernetes' own have the same fields: `type`, `status`, `reason`, `message`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Condition:
    """`status` is `True`, `False` or `Unknown`, as text."""

    type: str
    status: str
    reason: str = ""
    message: str = ""

    @property
    def words(self) -> str:
        """`Degraded is True: OAuthServerDown: no endpoints`."""
        told = (f"{self.type} is {self.status}", self.reason, " ".join(self.message.split()))
        return ": ".join(one for one in told if one)


def conditions(manifest: Mapping[str, object]) -> dict[str, Condition]:
    """By type; what an operator hasn't written yet, or wrote otherwise than it should, is not there."""
    return {one.type: one for one in _read(_within(manifest, "status").get("conditions"))}


def unmet(found: Mapping[str, Condition], wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Of the `wanted` statuses, by type, those that aren't so, in words."""
    return tuple(
        found[kind].words if kind in found else f"{kind} isn't reported yet"
        for kind, status in wanted.items()
        if kind not in found or found[kind].status != status
    )


def _read(listed: object) -> Iterator[Condition]:
    for one in cast("list[object]", listed) if isinstance(listed, list) else ():
        if isinstance(one, dict):
            told = cast("dict[str, object]", one)
            kind, status = told.get("type"), told.get("status")
            if isinstance(kind, str) and isinstance(status, str):
                yield Condition(kind, status, _text(told, "reason"), _text(told, "message"))


def _within(manifest: Mapping[str, object], name: str) -> Mapping[str, object]:
    inner = manifest.get(name)
    return cast("dict[str, object]", inner) if isinstance(inner, dict) else {}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
