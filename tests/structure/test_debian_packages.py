"""What ./dev installs, with all that apt takes along, starts nothing, leaves the boot menu alone, and is what
the product asks for."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kvm.lab.tools import TOOLS as LAB_TOOLS
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit

DPKG = Path("/var/lib/dpkg/info")
STARTS = re.compile(
    r"deb-systemd-(helper|invoke)\s+(enable|start|unmask)|update-rc\.d\s+\S+\s+defaults|invoke-rc\.d"
)
BOOT = re.compile(r"/boot/|/etc/(grub\.d|default/grub\.d|kernel)/")


def declared() -> list[str]:
    lines = (ROOT / "debian-packages.txt").read_text().splitlines()
    return [line.split()[0] for line in lines if not line.startswith("#")]


def test_each_is_named_once_with_its_reason() -> None:
    lines = [
        line
        for line in (ROOT / "debian-packages.txt").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]+  \S.*", line)] == []
    assert len(declared()) == len(set(declared()))


def test_what_the_lab_asks_for_is_among_them() -> None:
    asked = {tool.package for tool in LAB_TOOLS if not tool.package.startswith("(")}
    assert asked - set(declared()) == set()


def test_none_starts_or_enables_a_service() -> None:
    assert [name for name in installed_by_dev() if starts(name)] == []


def installed_by_dev() -> list[str]:
    """The declared packages and what they need, without what every Debian has."""
    return sorted(needed_by(declared()) - needed_by(required()))


def test_what_they_need_is_among_what_is_looked_at() -> None:
    assert {"libvirt0", "ipxe-qemu", "libpython3-dev"} <= set(installed_by_dev())
    assert {"dpkg", "libc6"}.isdisjoint(installed_by_dev())


def required() -> list[str]:
    return [name for name, one in packages().items() if one.priority == "required"]


@dataclass(frozen=True)
class Package:
    """An installed one; `needs` are the names before each comma and bar of its dependencies."""

    priority: str
    needs: frozenset[str]
    provides: frozenset[str]


@cache
def packages() -> dict[str, Package]:
    shown = "${Package}\t${Priority}\t${Pre-Depends}, ${Depends}\t${Provides}\n"
    listed = subprocess.run(
        ("dpkg-query", "-W", f"-f={shown}"), text=True, capture_output=True, check=True
    ).stdout
    rows = (line.split("\t") for line in listed.splitlines())
    return {name: Package(word, names(needs), names(also)) for name, word, needs, also in rows}


def names(relation: str) -> frozenset[str]:
    """`a (>= 1) | b:any, c` has a, b and c."""
    return frozenset(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]*)", relation))


def needed_by(wanted: list[str]) -> set[str]:
    """They and all that they need directly or not: of alternatives whatever is installed."""
    providers: dict[str, set[str]] = defaultdict(set)
    for name, one in packages().items():
        for provided in (name, *one.provides):
            providers[provided].add(name)
    found: set[str] = set()
    more = set(wanted)
    while more:
        found |= more
        needs = {need for name in more if name in packages() for need in packages()[name].needs}
        more = {name for need in needs for name in providers[need]} - found
    return found


def starts(name: str) -> bool:
    """Whether the installed package's scripts start or enable anything."""
    found = (DPKG / f"{name}{suffix}" for suffix in (".postinst", ":amd64.postinst"))
    return any(STARTS.search(script.read_text()) for script in found if script.exists())


def test_none_changes_how_the_machine_boots() -> None:
    assert [name for name in installed_by_dev() if any(map(BOOT.match, files(name)))] == []


def files(name: str) -> list[str]:
    """Of the installed package."""
    found = (DPKG / f"{name}{suffix}" for suffix in (".list", ":amd64.list"))
    return [file for listed in found if listed.exists() for file in listed.read_text().splitlines()]


def test_all_are_installed() -> None:
    """By ./dev, so that a test that finds a tool here finds it everywhere."""
    asked = subprocess.run(
        ("dpkg-query", "-W", "-f=${db:Status-Abbrev}${Package}\n", *declared()),
        text=True,
        capture_output=True,
        check=False,
    )
    assert asked.stderr == ""
    assert {line.split()[1] for line in asked.stdout.splitlines() if line.startswith("ii")} == set(
        declared()
    )
