"""Values of any form that JSON has, and texts that YAML could take for something else."""

from __future__ import annotations

from hypothesis import strategies as st
from pydantic import JsonValue

TEXTS = st.text(st.characters(codec="utf-8")) | st.from_regex(r"[-+0-9.eExXoO_:~yYnN]{1,8}")
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
