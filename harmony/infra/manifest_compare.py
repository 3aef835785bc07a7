"""Does an object already say all that a manifest wants of it?"""

from __future__ import annotations

from typing import Any


def holds(live: Any, wanted: Any) -> bool:
    """Whether `live` has everything `wanted` says, at every depth; what else it has doesn't matter.

    Both are JSON values. Lists are compared item by item and must be of equal length. A value that
    the server spells in another way (`0.5` for `500m`) counts as different: asking the server to
    apply it settles that.
    """
    if isinstance(wanted, dict) and isinstance(live, dict):
        return all(key in live and holds(live[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list | tuple) and isinstance(live, list | tuple):
        return len(live) == len(wanted) and all(map(holds, live, wanted))
    return bool(live == wanted)
