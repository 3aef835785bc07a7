from __future__ import annotations

import pytest

from harmony.modules.ignition.rules.path_form import path_problem

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("path", ["/", "/a", "/a/b", "/..a", "/a b"])
def test_clean_paths(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize("path", ["", "a", "./a", "//", "//a", "/a/", "/a/./b", "/..", "/a//b"])
def test_other_paths(path: str) -> None:
    assert path_problem(path) is not None
