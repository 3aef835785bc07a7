from __future__ import annotations

import pytest

from provisioner.serve.preparations import Preparation, Preparations

pytestmark = pytest.mark.unit


def test_preparations_in_words() -> None:
    preparations = Preparations()
    assert preparations.words() == ""
    preparations.put("node-image", Preparation(61.4, 120.0))
    assert preparations.words() == "node image, 61 %, about 2 min"
    preparations.put("kubernetes", Preparation(5, 42.0))
    preparations.put("node-image", Preparation(99, None))
    assert preparations.words() == "node image, 99 %; kubernetes, 5 %, about 42 s"
    assert preparations.remove("node-image")
    assert not preparations.remove("node-image")
    assert preparations.words() == "kubernetes, 5 %, about 42 s"
