"""Putting the parts of a config together as Ignition itself would: the later part wins.

Files, directories and links share one key space, their path; units are keyed by name and merged
field by field, their drop-ins by name. The result is sorted, so that equal wishes give equal bytes.
Source: https://coreos.github.io/ignition/operator-notes/#config-merging
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from harmony.modules.ignition.model import (
    Config,
    ConfigReferences,
    Directory,
    DropIn,
    File,
    IgnitionSection,
    Link,
    Resource,
    Security,
    Storage,
    Systemd,
    Tls,
    Unit,
)

_Node = File | Directory | Link


def merged(*parts: Config) -> Config:
    """One config out of `parts`, a later one beating an earlier one where both say something."""
    return reduce(_over, parts, Config())


def _over(parent: Config, child: Config) -> Config:
    return Config(
        ignition=_ignition(parent.ignition, child.ignition),
        storage=_storage(parent.storage, child.storage),
        systemd=Systemd(units=_units((*parent.systemd.units, *child.systemd.units))),
    )


def _ignition(parent: IgnitionSection, child: IgnitionSection) -> IgnitionSection:
    both = (parent, child)
    merge = _by_source(one for part in both if part.config for one in part.config.merge)
    trusted = _by_source(
        one for part in both if part.security for one in part.security.tls.certificateAuthorities
    )
    return IgnitionSection(
        config=ConfigReferences(merge=merge) if merge else None,
        security=Security(tls=Tls(certificateAuthorities=trusted)) if trusted else None,
    )


def _by_source(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    return tuple({one.source: one for one in resources}.values())


def _storage(parent: Storage, child: Storage) -> Storage:
    nodes: dict[str, _Node] = {}
    for part in (parent, child):
        held: tuple[_Node, ...] = (*part.directories, *part.files, *part.links)
        nodes.update((node.path, node) for node in held)
    in_order = [nodes[path] for path in sorted(nodes)]
    return Storage(
        files=tuple(node for node in in_order if isinstance(node, File)),
        directories=tuple(node for node in in_order if isinstance(node, Directory)),
        links=tuple(node for node in in_order if isinstance(node, Link)),
    )


def _units(units: Iterable[Unit]) -> tuple[Unit, ...]:
    by_name: dict[str, Unit] = {}
    for unit in units:
        earlier = by_name.get(unit.name)
        by_name[unit.name] = unit if earlier is None else _unit_over(earlier, unit)
    return tuple(by_name[name] for name in sorted(by_name))


def _unit_over(parent: Unit, child: Unit) -> Unit:
    dropins: dict[str, DropIn] = {one.name: one for one in (*parent.dropins, *child.dropins)}
    return Unit(
        name=child.name,
        contents=parent.contents if child.contents is None else child.contents,
        enabled=parent.enabled if child.enabled is None else child.enabled,
        mask=parent.mask if child.mask is None else child.mask,
        dropins=tuple(dropins[name] for name in sorted(dropins)),
    )
