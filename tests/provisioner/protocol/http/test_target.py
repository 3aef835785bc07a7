from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.target import MOST_PARAMETERS, split_target

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/", "/", {}),
        ("/a%20b?mac=52-54&x=%26+", "/a b", {"mac": "52-54", "x": "& "}),
        ("/a?x&y=&z=1=2", "/a", {"x": "", "y": "", "z": "1=2"}),
        ("//a/b", "//a/b", {}),
        ("/%2e%2e/%00%ff", "/../\0�", {}),
        ("http://10.7.0.1:8080/a?b=c", "/a", {"b": "c"}),
        ("HTTPS://host?b=c", "/", {"b": "c"}),
        ("http://[2001:db8::1]", "/", {}),
    ],
)
def test_a_target_is_a_path_and_a_query(target: str, path: str, query: dict[str, str]) -> None:
    assert split_target(target) == (path, query)


@pytest.mark.parametrize(
    "target",
    ["nopath", "*", "a:80", "http://", "http:///a", "http://[/a", "http://a b/", "ftp://a/", "?a"],
)
def test_what_is_no_path(target: str) -> None:
    with pytest.raises(MalformedHttpRequest, match="not a path"):
        split_target(target)


def test_parameters_are_counted() -> None:
    split_target("/?" + "a&" * (MOST_PARAMETERS - 1))
    with pytest.raises(MalformedHttpRequest):
        split_target("/?" + "a&" * MOST_PARAMETERS)


@pytest.mark.parametrize("target", ["/%", "/%2", "/%zz", "/?a=%", "/?%4g=a"])
def test_a_percent_sign_is_of_an_escape(target: str) -> None:
    with pytest.raises(MalformedHttpRequest, match="percent"):
        split_target(target)


pieces = st.sampled_from(["a", "b", "=", "&", "+", ";", "%2b", "%26", "%ff"])


@given(st.lists(pieces, max_size=20).map("".join))
def test_parameters_are_what_the_standard_library_reads(query: str) -> None:
    assert split_target(f"/?{query}")[1] == dict(parse_qsl(query, keep_blank_values=True))
