"""Whatever a person writes into the examples, `check` answers with findings and never with a crash."""

from __future__ import annotations

import ast
import copy
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from inventory.render import render_all
from provisioner.cli.check import judged
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[3] / "examples" / "home_office.py"
TREE = ast.parse(EXAMPLE.read_text(encoding="utf-8"))

WRONG: list[object] = [None, "", 0, -1, 5, 1.5, True, b"b", "é", "x" * 300, "10.7.0.300", "1/33"]
slips = st.sampled_from(WRONG) | st.text(max_size=8)


class Slip(ast.NodeTransformer):
    """Changes the `at`-th value, keyword or name of the calls in a file."""

    def __init__(self, at: int, value: object, word: str) -> None:
        self._left, self._value, self._word = at, value, word

    def _hit(self) -> bool:
        self._left -= 1
        return self._left == -1

    @override
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.parse(repr(self._value), mode="eval").body if self._hit() else node

    @override
    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        self.generic_visit(node)
        if self._hit():
            node.arg = self._word
        return node

    @override
    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        if self._hit():
            return node.elts[0] if node.elts else node
        return node


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), slips, st.sampled_from(["nam", "address", "zz", "workers"])),
        max_size=4,
    )
)
def test_judges_whatever_is_written(changes: list[tuple[int, object, str]]) -> None:
    tree = copy.deepcopy(TREE)
    for at, value, word in changes:
        tree = Slip(at, value, word).visit(tree)
    source = ast.unparse(ast.fix_missing_locations(tree))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.py"
        path.write_text(source, encoding="utf-8")
        declaration, _, found = judged(path, PRODUCTION, KINDS, TOPOLOGIES)
    assert declaration.source == source
    assert all(finding.help for finding in found)
    render_all(found, declaration.sources)
