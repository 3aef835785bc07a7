"""Every line of Python in a guide stands in a file that is checked and tested."""

from __future__ import annotations

import re

import pytest

from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit

SOURCES = {
    "docs/guides/writing-a-score.md": (
        "examples/scores/alias.py",
        "tests/examples/scores/test_alias.py",
    ),
    "docs/guides/names.md": ("examples/okd_names.py",),
    "docs/guides/networks.md": ("examples/networks.py",),
    "docs/guides/preflight.md": ("examples/preflight.py",),
}


@pytest.mark.parametrize(("guide", "sources"), SOURCES.items(), ids=str)
def test_its_code_is_the_code_of_the_tree(guide: str, sources: tuple[str, ...]) -> None:
    told = re.findall(r"```python\n(.*?)```", (ROOT / guide).read_text(), re.DOTALL)
    real = "".join((ROOT / source).read_text() for source in sources)
    assert told
    assert [block for block in told if block not in real] == []


def test_every_guide_is_held_to_it() -> None:
    assert {f"docs/guides/{path.name}" for path in (ROOT / "docs/guides").glob("*.md")} == set(
        SOURCES
    )
