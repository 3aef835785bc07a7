from __future__ import annotations

import pytest

from harmony.domain.capability.asset_store import Fetching, amount

pytestmark = pytest.mark.unit

WORDS = {
    "kernel": Fetching("kernel"),
    "kernel, 12 MB so far": Fetching("kernel", 12_000_000),
    "kernel (334 MB), 0 %": Fetching("kernel", 0, 334_000_000),
    "kernel (334 MB), 61 %, about 2 min": Fetching("kernel", 204_000_000, 334_000_000, 130.0),
    "kernel (334 MB), 99 %, less than a minute": Fetching("kernel", 333_999_999, 334_000_000, 3.0),
    "kernel (334 MB), being verified": Fetching("kernel", 334_000_000, 334_000_000, 0.0, True),
    "empty (0 B), 0 %": Fetching("empty", 0, 0),
}


@pytest.mark.parametrize(("words", "fetching"), WORDS.items())
def test_words(words: str, fetching: Fetching) -> None:
    assert fetching.words == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1_250_000, "1.2 MB"),
        (10_400_000, "10 MB"),
        (3_100_000_000, "3.1 GB"),
        (10**15, "1000 TB"),
    ],
)
def test_amounts(size: int, words: str) -> None:
    assert amount(size) == words
