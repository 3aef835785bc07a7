from __future__ import annotations

import pytest

from harmony.modules.ignition.problem import Problem, dotted

pytestmark = pytest.mark.unit


def test_a_path_reads_as_in_a_program() -> None:
    assert dotted(("storage", "files", 3, "mode")) == "storage.files[3].mode"


@pytest.mark.parametrize(
    "problem, text",
    [
        (Problem(("a", 0), "is wrong"), "a[0]: is wrong"),
        (Problem((), "is wrong", ("X", "Y")), "the config: is wrong (from X, Y)"),
    ],
)
def test_it_says_where_what_and_whose(problem: Problem, text: str) -> None:
    assert str(problem) == text
