"""Does an object already say all that a manifest wants of it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast


def holds(live: Any, wanted: Any) -> bool:
    """Whether `live` has everything `wanted` says, at every depth; what else it has doesn't matter.

    Both are JSON values. Lists are compared item by item and must be of equal length. A value that
    the server spells in another way (`0.5` for `500m`) counts as different: asking the server to
    apply it settles that.
    """
    if isinstance(wanted, dict) and isinstance(live, dict):
        there, asked = cast("dict[str, Any]", live), cast("dict[str, Any]", wanted)
        return all(key in there and holds(there[key], asked[key]) for key in asked)
    if isinstance(wanted, list | tuple) and isinstance(live, list | tuple):
        found, items = cast("Sequence[Any]", live), cast("Sequence[Any]", wanted)
        return len(found) == len(items) and all(map(holds, found, items))
    return bool(live == wanted)
