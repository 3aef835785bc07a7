from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.rfc2397 import NotADataUrl, decoded, encoded

pytestmark = pytest.mark.unit

_FORM = "is not of the form data:[TYPE/SUBTYPE][;NAME=VALUE]…[;base64],…"
_HEX = "has a % without two hex digits after it"


@pytest.mark.parametrize(
    "url, content",
    [
        ("data:,", b""),
        ("data:,example%20file%0A", b"example file\n"),
        ("data:,a+b%C3%a4", b"a+b\xc3\xa4"),
        ("data:text/plain;charset=utf-8,a,b;c", b"a,b;c"),
        ('data:text/plain;a="b,\\"c\\"",d', b"d"),
        ("data:x-a/b;c=d;base64,YQ==", b"a"),
        ("data:;base64,YR==", b"a"),
        ("data:;base64,", b""),
    ],
)
def test_what_they_hold(url: str, content: bytes) -> None:
    assert decoded(url) == content


@pytest.mark.parametrize(
    "url, problem",
    [
        ("http://a", _FORM),
        ("data:a", _FORM),
        ("data:foo/bar,a", _FORM),
        ("data:text,a", _FORM),
        ("data:;base65,a", _FORM),
        ("data:;base64;a=b,YQ==", _FORM),
        ("data:;a=,b", _FORM),
        ("data:;a=%2,b", _HEX),
        ("data:,%4", _HEX),
        ("data:,%zz", _HEX),
        ("data:,a b", "has a character that must be escaped with %"),
        ("data:,ä", "has a character that must be escaped with %"),
        ("data:;base64,YQ", "is not base64 after ;base64,: its length is wrong"),
        ("data:;base64,YQ==YQ==", "is not base64 after ;base64,"),
        ("data:;base64,=", "is not base64 after ;base64,: its length is wrong"),
    ],
)
def test_what_is_none(url: str, problem: str) -> None:
    with pytest.raises(NotADataUrl) as refused:
        decoded(url)
    assert str(refused.value) == problem


@given(st.binary())
def test_bytes_survive_it(content: bytes) -> None:
    assert decoded(encoded(content)) == content


@given(st.text())
def test_text_that_a_person_can_read_survives_it(text: str) -> None:
    assert decoded(inline(text).source) == text.encode()
