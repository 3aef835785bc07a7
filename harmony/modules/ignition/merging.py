"""Merging any two configs as Ignition does: field by field, the child over the parent.

A list of things merges by their keys, one of arguments is appended, a header without a value takes the
parent's away, and of the lists that share their keys (files, directories and links by path; kernel
arguments) the child's decides which one an entry is in. A file of the child that names only its source
therefore keeps the parent's compression and digest. Two valid configs may merge into one that isn't.

Merging has an identity (the empty config). It is associative as long as nothing is taken away or changes
its kind: of three configs that say file, link, file of one path, what the first said of the file is lost
from the left and kept from the right. Ignition folds them from the left at each level.
Source: config/merge/merge.go of https://github.com/coreos/ignition
"""

from __future__ import annotations

from typing import cast

from harmony.modules.ignition.spec.config import Config, IgnitionSection
from harmony.modules.ignition.spec.part import Appended, KeySpace, Part, key_of, marks, says
from harmony.modules.ignition.spec.resource import HttpHeader

EMPTY = Config(ignition=IgnitionSection(version="3.0.0"))
_Items = tuple[object, ...]


def merge(parent: Config, child: Config) -> Config:
    """`child` over `parent`; of the newer version of the two, as both are read as that one."""
    newer = max(parent, child, key=lambda config: config.version)
    both = cast("Config", _merged(parent, child))
    section = both.ignition.model_copy(update={"version": newer.ignition.version})
    return both.model_copy(update={"ignition": section})


def _merged(parent: Part, child: Part) -> Part:
    fields = {name: _field(parent, child, name) for name in type(parent).model_fields}
    return type(parent).model_construct({name for name in fields if says(fields[name])}, **fields)


def _field(parent: Part, child: Part, name: str) -> object:
    beneath: object = getattr(parent, name)
    above: object = getattr(child, name)
    if isinstance(beneath, Part) and isinstance(above, Part):
        return _merged(beneath, above)
    if isinstance(beneath, tuple):
        return _list(cast("_Items", beneath), cast("_Items", above), child, name)
    return beneath if above is None else above


def _list(beneath: _Items, above: _Items, child: Part, name: str) -> _Items:
    if Appended() in marks(child, name):
        return (*beneath, *above)
    return _by_key(beneath, above, elsewhere=_other_kinds(child, name))


def _by_key(parent: _Items, child: _Items, elsewhere: frozenset[str]) -> _Items:
    wanted = {key_of(item): item for item in child}
    held = {key_of(item) for item in parent}
    kept = (item for item in parent if key_of(item) not in elsewhere)
    over = (_item(item, wanted.get(key_of(item))) for item in kept)
    fresh = (item for item in child if key_of(item) not in held)
    return (*(item for item in over if item is not None), *fresh)


def _item(parent: object, child: object) -> object:
    """None when the child takes it away."""
    if child is None:
        return parent
    if isinstance(child, HttpHeader) and child.value is None:
        return None
    if isinstance(parent, Part) and isinstance(child, Part):
        return _merged(parent, child)
    return child


def _other_kinds(child: Part, name: str) -> frozenset[str]:
    """The keys in the child's other lists that share their keys with list `name`."""
    spaces = {mark for mark in marks(child, name) if isinstance(mark, KeySpace)}
    others = (one for one in type(child).model_fields if one != name)
    sharing = [one for one in others if spaces.intersection(marks(child, one))]
    return frozenset(key_of(item) for one in sharing for item in getattr(child, one))
