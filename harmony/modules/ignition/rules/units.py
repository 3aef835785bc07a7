"""systemd's units and their drop-ins."""

from __future__ import annotations

from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.spec.accounts import DropIn, Unit
from harmony.modules.ignition.spec.part import Part
from harmony.modules.ignition.unit_text import unit_problem

_KINDS = (
    *("service", "socket", "device", "mount", "automount", "swap"),
    *("target", "path", "timer", "snapshot", "slice", "scope"),
)


def findings(part: Part) -> Findings:
    match part:
        case Unit() if _suffix(part.name) not in _KINDS:
            yield ("name",), f"does not end in one of .{', .'.join(_KINDS)}"
        case DropIn() if _suffix(part.name) != "conf":
            yield ("name",), "does not end in .conf"
        case _:
            pass
    if isinstance(part, Unit | DropIn) and (wrong := unit_problem(part.contents or "")):
        yield ("contents",), wrong


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return dot and suffix
