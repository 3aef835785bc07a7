from __future__ import annotations

import gzip
import hashlib
import json
import zlib

import pytest
from pydantic import JsonValue

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.errors import ConfigRefused, SourceRefused
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.resolving import LARGEST, content, resolved
from harmony.modules.ignition.rfc2397 import encoded
from harmony.modules.ignition.spec.resource import Resource, Verification
from tests.harmony.modules.ignition.configs import document

pytestmark = pytest.mark.unit


def mode(number: int, *merge: str) -> str:
    """A config that gives /a this mode, after merging."""
    return document(
        ignition={"config": {"merge": [{"source": url} for url in merge]}},
        storage={"files": [{"path": "/a", "mode": number}, {"path": f"/{number}"}]},
    )


def outcome(root: str, served: dict[str, str]) -> JsonValue:
    bytes_of = {url: text.encode() for url, text in served.items()}
    whole: JsonValue = json.loads(canonical_json(resolved(read(root.encode(), "root"), bytes_of)))
    return whole


def files(*said: tuple[str, int | None]) -> JsonValue:
    return {
        "ignition": {"version": "3.3.0"},
        "storage": {
            "files": [
                {"path": path} if number is None else {"path": path, "mode": number}
                for path, number in said
            ]
        },
    }


def test_children_win_depth_first_in_their_order() -> None:
    served = {
        "http://1": mode(1, "http://2"),
        "http://2": mode(2),
        "http://3": mode(3),
    }
    assert outcome(mode(9, "http://1", "http://3"), served) == files(
        ("/a", 3), ("/9", None), ("/1", None), ("/2", None), ("/3", None)
    )


def test_a_replacement_takes_the_place_of_everything() -> None:
    root = document(
        ignition={"config": {"replace": {"source": "http://1"}, "merge": [{"source": "http://x"}]}},
        storage={"files": [{"path": "/gone"}]},
    )
    assert outcome(root, {"http://1": mode(1)}) == files(("/a", 1), ("/1", None))


def test_a_config_that_refers_to_itself_is_refused() -> None:
    with pytest.raises(SourceRefused, match="more than 16 deep"):
        outcome(mode(1, "http://1"), {"http://1": mode(1, "http://1")})


def test_what_is_served_is_judged_and_named() -> None:
    with pytest.raises(ConfigRefused, match="http://1 is not an Ignition config"):
        outcome(mode(1, "http://1"), {"http://1": "{}"})


SHA512 = f"sha512-{hashlib.sha512(b'a').hexdigest()}"
SHA256 = f"sha256-{hashlib.sha256(b'a').hexdigest().upper()}"
ZIPPED = gzip.compress(b"a")


@pytest.mark.parametrize("digest", [None, SHA512, SHA256])
@pytest.mark.parametrize(
    "url, compression",
    [
        ("http://a", None),
        ("http://z", "gzip"),
        ("http://zz", "gzip"),
        ("data:,a", ""),
        (encoded(ZIPPED), "gzip"),
    ],
)
def test_content_is_decompressed_then_verified(
    url: str, compression: str | None, digest: str | None
) -> None:
    resource = Resource(source=url, compression=compression, verification=Verification(hash=digest))
    in_two = gzip.compress(b"") + ZIPPED
    assert content(resource, {"http://a": b"a", "http://z": ZIPPED, "http://zz": in_two}) == b"a"


@pytest.mark.parametrize("function", ["sha512", "sha256"])
def test_other_content_is_refused_by_its_digest(function: str) -> None:
    digest = f"{function}-{hashlib.new(function, b'b').hexdigest()}"
    resource = Resource(source="http://a", verification=Verification(hash=digest))
    with pytest.raises(SourceRefused, match=f"http://a has {function} "):
        content(resource, {"http://a": b"a"})


def test_what_is_not_served_is_named() -> None:
    with pytest.raises(SourceRefused, match="nothing is served at http://a"):
        content(Resource(source="http://a"), {})


@pytest.mark.parametrize("found", [b"a", ZIPPED[:-1], ZIPPED[:12] + b"\xff" + ZIPPED[13:]])
def test_what_is_not_gzip_is_refused(found: bytes) -> None:
    with pytest.raises(SourceRefused, match="http://a is not gzip"):
        content(Resource(source="http://a", compression="gzip"), {"http://a": found})


def test_what_grows_without_end_is_refused() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range((LARGEST >> 20) + 1))
    with pytest.raises(SourceRefused, match="when decompressed"):
        content(
            Resource(source="http://a", compression="gzip"), {"http://a": bomb + packer.flush()}
        )


def test_a_file_without_a_source_is_empty() -> None:
    assert content(Resource(), {}) == b""
