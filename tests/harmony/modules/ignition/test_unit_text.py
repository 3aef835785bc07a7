from __future__ import annotations

import pytest

from harmony.modules.ignition.unit_text import unit_problem

pytestmark = pytest.mark.unit

_SECTION = "has a section without ]"
_AFTER = "has something after the ] of a section"
_LINE = "has a line that is neither a section, an option nor a comment"
TEXTS = {
    "": None,
    "[Unit]": None,
    "[Unit]\n a = b\n\n=c\n": None,
    "[a]\r\nb=c\r\n": None,
    "before\n[a]\nb=c": None,
    "# [\n[a]": None,
    "[a]\n;x\\\nany\nb=c": None,
    "[a]\n#x\\ \nany\nb=c": None,
    "[a]\nb=c\\\nd": None,
    "[a]\nb=c\\": None,
    "[a]\n" + "b" * 2045 + "=c": None,
    "[": _SECTION,
    "[a": _SECTION,
    "[a]x": _AFTER,
    "[a]]": _AFTER,
    "[a]\nb": _LINE,
    "[a]\nb=c\nd": _LINE,
    "[a]\nb=c\\\n\nd": _LINE,
    "[a]\rb=c": _AFTER,
    "[a]\nb\r=c": _LINE,
    "[a]\nb=" + "c" * 2046: "has a line of more than 2047 bytes",
}


@pytest.mark.parametrize("text, problem", TEXTS.items(), ids=range(len(TEXTS)))
def test_texts(text: str, problem: str | None) -> None:
    assert unit_problem(text) == problem
