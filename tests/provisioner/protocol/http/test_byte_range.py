from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.http.byte_range import NotSatisfiable, Part, asked_part

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-9", Part(0, 9, 100)),
        ("bytes=90-", Part(90, 99, 100)),
        ("bytes=90-500", Part(90, 99, 100)),
        ("bytes=-10", Part(90, 99, 100)),
        ("bytes=-500", Part(0, 99, 100)),
        ("Bytes = 5-5", Part(5, 5, 100)),
        ("bytes=100-", NotSatisfiable(100)),
        ("bytes=-0", NotSatisfiable(100)),
        ("bytes=9-1", None),
        ("bytes=0-1,5-6", None),
        ("bytes=0-1, bytes=5-6", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=--5", None),
        ("bytes=a-b", None),
        ("bytes=\u0661-", None),
        ("lines=0-9", None),
        (f"bytes={'9' * 100}-", None),
    ],
)
def test_the_part_that_is_asked_for(header: str, expected: Part | NotSatisfiable | None) -> None:
    assert asked_part(header, 100) == expected


@given(st.text("0123456789-, ", max_size=30) | st.text(max_size=30), st.integers(0, 1000))
def test_a_part_is_always_within_the_file(header: str, size: int) -> None:
    part = asked_part(f"bytes={header}", size)
    if isinstance(part, Part):
        assert 0 <= part.first <= part.last < size
        assert part.length == part.last - part.first + 1


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 20))
def test_it_is_what_slicing_gives(first: int, last: int, size: int) -> None:
    content = bytes(range(size))
    part = asked_part(f"bytes={first}-{last}", size)
    if first > last:
        assert part is None
    elif isinstance(part, Part):
        assert content[part.first : part.last + 1] == content[first : last + 1] != b""
    else:
        assert part == NotSatisfiable(size)
        assert content[first : last + 1] == b""
