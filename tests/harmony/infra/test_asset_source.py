from __future__ import annotations

import pytest

from harmony.infra.asset_source import Begun, shown

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://mirror.example:8443/a/b.img", "https://mirror.example:8443/a/b.img"),
        ("http://[::1", "what is no URL"),
        ("https://me:secret@mirror.example/k?sig=secret#x", "https://mirror.example/k"),
    ],
)
def test_what_is_shown_has_no_secrets(url: str, words: str) -> None:
    assert shown(url) == words


def test_all_is_there_only_when_the_size_is_known() -> None:
    assert Begun(5, size=5).is_all
    assert not Begun(5).is_all
    assert not Begun(4, size=5).is_all
