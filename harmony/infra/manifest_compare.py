"""Does an object already say all that a manifest wants of it?"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, cast


def holds(live: Any, wanted: Any) -> bool:
    """Whether `live` has everything `wanted` says, at every depth; what else it has doesn't matter.

    Both are JSON values. Lists are compared item by item and must be of equal length; of items that
    have names, as variables do, the server keeps the order in which it was told of them first, so
    their order doesn't count. An empty list is held where its key is absent, and so is an empty
    text in an item of a list: the server leaves such out. Elsewhere an empty text may be a label's, and
    an empty object often says something (`emptyDir: {}`). A value that the server spells in another
    way (`0.5` for `500m`) counts as different: asking the server to apply it settles that.
    """
    if isinstance(wanted, dict) and isinstance(live, dict):
        there, asked = cast("dict[str, Any]", live), cast("dict[str, Any]", wanted)
        return all(
            holds(there[key], asked[key]) if key in there else asked[key] in ([], ())
            for key in asked
        )
    if isinstance(wanted, list | tuple) and isinstance(live, list | tuple):
        found, items = cast("Sequence[Any]", live), cast("Sequence[Any]", wanted)
        return len(found) == len(items) and all(map(_item_holds, _by_name(found), _by_name(items)))
    return bool(live == wanted)


def _by_name(items: Sequence[Any]) -> Sequence[Any]:
    names = [cast("dict[str, Any]", one).get("name") for one in items if isinstance(one, dict)]
    if len(names) == len(items) and all(isinstance(name, str) for name in names):
        return sorted(items, key=itemgetter("name"))
    return items


def _item_holds(live: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(live, dict):
        asked = cast("dict[str, Any]", wanted)
        return holds(live, {key: asked[key] for key in asked if key in live or asked[key] != ""})
    return holds(live, wanted)
