from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.ignition.contents import fetched, inline, packed
from harmony.modules.ignition.model import Resource, Verification
from harmony.modules.ignition.resolving import content as content_of
from harmony.modules.ignition.spec import resource as spec

pytestmark = pytest.mark.unit


def test_text_stays_readable() -> None:
    assert inline("net.ipv4.ip_forward = 1\n").source == "data:,net.ipv4.ip_forward%20=%201%0A"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    source = inline(text).source
    assert unquote(source.removeprefix("data:,")) == text
    assert source.isascii()


def test_fetched_is_verified() -> None:
    digest = "0" * 64
    assert fetched("http://10.7.0.1/a", digest) == Resource(
        source="http://10.7.0.1/a", verification=Verification(hash=f"sha256-{digest}")
    )


@pytest.mark.parametrize("content", [b"", b"a", b"a" * 1000])
def test_packed_is_what_went_in_it(content: bytes) -> None:
    resource = packed(content)
    assert content_of(spec.Resource.model_validate(resource.model_dump()), {}) == content
    assert resource == packed(content)


def test_packed_is_compressed_where_that_is_shorter() -> None:
    assert (packed(b"a").compression, packed(b"a" * 1000).compression) == (None, "gzip")
