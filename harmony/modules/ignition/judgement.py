"""What Ignition would refuse in a config of the right shape, and where: the rules of config/vX_Y/types
of https://github.com/coreos/ignition, and what its published schema requires beyond them (a link's
target and an array's level before 3.3, names that are empty in the engine when they are left out)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from harmony.modules.ignition.needs import needs
from harmony.modules.ignition.problem import Problem
from harmony.modules.ignition.rules import disks, fetching, tree, units, volumes
from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.spec.part import Appended, KeySpace, Part, key_of, marks, parts_of
from harmony.modules.ignition.version import SpecVersion

_RULES = (fetching.findings, tree.findings, disks.findings, volumes.findings, units.findings)


def problems(config: Config) -> tuple[Problem, ...]:
    """Everything at once, in the order of the config."""
    return (*_too_new(config), *_refused(config))


def _too_new(config: Config) -> Iterator[Problem]:
    """Special bits in a mode are read in every version (and ignored before 3.6)."""
    for need in needs(config):
        if config.version < need.version < SpecVersion.V3_6:
            said = f"needs spec {need.version.text}, and the config is {config.version.text}"
            yield Problem(need.path, said)


def _refused(config: Config) -> Iterator[Problem]:
    for at, part in parts_of(config):
        for tail, wrong in _twice(part):
            yield Problem((*at, *tail), wrong)
        for findings in _RULES:
            for tail, wrong in findings(part):
                yield Problem((*at, *tail), wrong)


def _twice(part: Part) -> Findings:
    seen: set[tuple[str, str]] = set()
    for field in type(part).model_fields:
        items: object = getattr(part, field)
        said = marks(part, field)
        if not isinstance(items, tuple) or Appended() in said:
            continue
        space = next((mark.name for mark in said if isinstance(mark, KeySpace)), field)
        for index, item in enumerate(cast("tuple[object, ...]", items)):
            found = (space, key_of(item))
            if found in seen:
                yield (field, index), "is in the config twice"
            seen.add(found)
