from __future__ import annotations

import pytest

from harmony.domain.capability.artifact_store import Preparing

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("preparing", "words"),
    [
        (Preparing("node-image"), "node-image"),
        (Preparing("node-image", 61), "node-image, 61 %"),
        (Preparing("node-image", 61, 125), "node-image, 61 %, about 2 min"),
        (Preparing("node-image", 99, 12), "node-image, 99 %, less than a minute"),
    ],
)
def test_words(preparing: Preparing, words: str) -> None:
    assert preparing.words == words
