from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.nodes import Directory, File, Link

pytestmark = pytest.mark.unit


def test_whatever_stands_at_a_path_has_it_as_its_key() -> None:
    nodes = (File(path="/a"), Directory(path="/b"), Link(path="/c", target="/d"))
    assert [node.key for node in nodes] == ["/a", "/b", "/c"]
