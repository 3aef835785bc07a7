"""Declarations as a person writes them, executed as the command does it."""

from __future__ import annotations

import textwrap
from typing import Any

from inventory.check import check, in_order
from inventory.diagnostic import Diagnostic
from inventory.place import Reading, executing
from inventory.render import render_all

PREAMBLE = """\
from inventory import *
lan = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", pool=("10.7.0.200", "10.7.0.250"))
dmz = Network("dmz", "10.8.0.0/24", "eth2", "10.8.0.1", pool=("10.8.0.200", "10.8.0.250"))
def site(*hosts, networks=(lan,), **others):
    return Site("home", networks, hosts, **others)
"""


def written(source: str) -> tuple[dict[str, Any], Reading]:
    """The names that `source`, after the preamble, defines, and the reading of it."""
    text = PREAMBLE + textwrap.dedent(source)
    reading = Reading("site.py", text)
    names: dict[str, Any] = {}
    with executing(reading):
        exec(compile(text, "site.py", "exec"), names)
    return names, reading


def findings(source: str) -> tuple[Diagnostic, ...]:
    """What construction refused and what `check` finds of `source`'s `home`."""
    names, reading = written(source)
    return in_order([*reading.refusals, *check(names["home"])])


def told(source: str) -> str:
    """All findings as text; lines count from the end of the preamble."""
    names, reading = written(source)
    found = in_order([*reading.refusals, *check(names["home"])])
    return render_all(found, {"site.py": reading.source})


def brief(source: str) -> list[str]:
    """Code, what is underlined, and the label of each finding."""
    names, reading = written(source)
    found = in_order([*reading.refusals, *check(names["home"])])
    lines = reading.source.split("\n")
    return [_brief(diagnostic, lines) for diagnostic in found]


def _brief(diagnostic: Diagnostic, lines: list[str]) -> str:
    place = diagnostic.place
    assert place is not None, diagnostic
    assert diagnostic.help, diagnostic
    line = lines[place.line - 1]
    return f"{diagnostic.code} {line[place.column - 1 : place.end_column - 1]} | {diagnostic.label}"
