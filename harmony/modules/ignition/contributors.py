"""Who said what of a merged config: the last layer that says a field, every layer that says some of it
for a whole part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.spec.part import Appended, JsonPath, Part, key_of, marks, says

_Items: TypeAlias = tuple[object, ...]
_Said: TypeAlias = list[tuple[str, object]]


def contributors(result: Part, layers: Sequence[Layer], path: JsonPath) -> tuple[str, ...]:
    """Whose layers (in their order) put into `result`, their merge, what is at `path`; where it holds
    nothing, such as a field that is missing, who put there what is around it."""
    node: object = result
    said: _Said = [(layer.contributor, layer.config) for layer in layers]
    appended = False
    for step in path:
        inner, narrower = _step(node, said, step, appended)
        if not narrower:
            break
        appended = isinstance(node, Part) and Appended() in marks(node, str(step))
        node, said = inner, narrower
    who = tuple(dict.fromkeys(name for name, _ in said))
    return who if isinstance(node, Part | tuple) else who[-1:]


def _step(node: object, said: _Said, step: str | int, appended: bool) -> tuple[object, _Said]:
    if isinstance(node, Part):
        narrower = [(name, getattr(value, str(step))) for name, value in said]
        return getattr(node, str(step)), [(name, one) for name, one in narrower if says(one)]
    if isinstance(node, tuple) and isinstance(step, int):
        items: _Items = cast("_Items", node)
        held = [(name, cast("_Items", value)) for name, value in said]
        if appended:
            return items[step], _nth(held, len(items) - step)
        return items[step], _same(held, items[step])
    return None, []


def _same(held: list[tuple[str, _Items]], wanted: object) -> _Said:
    key = key_of(wanted)
    return [(name, item) for name, items in held for item in items if key_of(item) == key]


def _nth(held: list[tuple[str, _Items]], from_the_end: int) -> _Said:
    """Counted from the end: what a change of kind threw away stood before."""
    behind = [(name, item) for name, items in held for item in items]
    return [behind[-from_the_end]]
