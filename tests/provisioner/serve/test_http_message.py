from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.serve.http_message import NotSatisfiable, Part, Reply, asked_part, text

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
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
        ("bytes=", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=²-3", None),
        (f"bytes={'9' * 100}-", None),
    ],
)
def test_the_part_that_is_asked_for(
    header: str | None, expected: Part | NotSatisfiable | None
) -> None:
    assert asked_part(header, 100) == expected


@given(st.text(max_size=30), st.integers(0, 1000))
def test_a_part_is_always_within_the_file(header: str, size: int) -> None:
    part = asked_part(f"bytes={header}", size)
    if isinstance(part, Part):
        assert 0 <= part.first <= part.last < size
        assert part.length == part.last - part.first + 1


def test_words_are_one_line_of_text() -> None:
    assert text(404, "not here") == Reply(404, b"not here\n")
