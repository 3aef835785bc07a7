"""Files, directories and links, and how they get along."""

from __future__ import annotations

import posixpath

from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.rules.path_form import path_problem
from harmony.modules.ignition.spec.config import Config, Storage
from harmony.modules.ignition.spec.nodes import Directory, File, Link, Node, Owner
from harmony.modules.ignition.spec.part import Part

LISTS = ("files", "directories", "links")
UNITS = "/etc/systemd/system"


def findings(part: Part) -> Findings:
    match part:
        case Node():
            yield from _node(part)
        case Owner(id=int(), name=str(name)) if name:
            yield (), "has both an id and a name"
        case Storage():
            yield from _under_links(part)
            for index, link in enumerate(part.links):
                yield from (
                    (("links", index, *at), wrong) for at, wrong in _target(link, part.directories)
                )
        case Config():
            yield from _over_units(part)
        case _:
            pass


def _node(node: Node) -> Findings:
    if wrong := path_problem(node.path):
        yield ("path",), wrong
    mode = node.mode if isinstance(node, File | Directory) else None
    if mode is not None and not 0 <= mode <= 0o7777:
        yield ("mode",), "is not from 0 to 4095 (JSON has modes in decimal: 0644 is 420)"
    if isinstance(node, File) and node.overwrite and node.contents.source is None:
        yield ("overwrite",), "is true without contents.source: it would delete the file"


def _nodes(storage: Storage) -> list[tuple[str, int, Node]]:
    held = (storage.files, storage.directories, storage.links)
    return [
        (field, index, node)
        for field, nodes in zip(LISTS, held, strict=True)
        for index, node in enumerate(nodes)
    ]


def _under_links(storage: Storage) -> Findings:
    links = {link.path for link in storage.links}
    for field, index, node in _nodes(storage):
        if any(above in links for above in _above(node.path)):
            yield (field, index, "path"), "leads through a link of the same config"


def _above(path: str) -> list[str]:
    return [path[:at] for at, sign in enumerate(path) if sign == "/" and at]


def _target(link: Link, directories: tuple[Directory, ...]) -> Findings:
    if not link.target:
        yield ("target",), "is required"
        return
    target = posixpath.normpath(posixpath.join(link.path, link.target))
    if link.hard and target in {directory.path for directory in directories}:
        yield (), "is a hard link to a directory"


def _over_units(config: Config) -> Findings:
    written = {
        path
        for unit in config.systemd.units
        for path in (
            *([f"{UNITS}/{unit.name}"] if unit.contents else ()),
            *(f"{UNITS}/{unit.name}.d/{one.name}" for one in unit.dropins if one.contents),
        )
    }
    for field, index, node in _nodes(config.storage):
        if node.path in written:
            yield ("storage", field, index, "path"), "is also written by systemd.units"
