from __future__ import annotations

import pytest

from harmony.domain.asset import Asset, S3Object
from harmony.modules.assets.assets import Assets
from inventory.codes import Code
from inventory.site import Site

pytestmark = pytest.mark.unit

DIGEST = "0123456789abcdef" * 4
SITE = Site("home", [], [])
URL = "https://mirror.example/k"


def found(*assets: Asset, name: str = "fcos") -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in Assets(name, assets).check(SITE)]


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://10.7.0.9:8080/k?x=1",
        "file:///media/usb/kernel",
        "s3://images/os/kernel",
        S3Object("s3://images/k", endpoint="https://s3.home.example:9000", credentials="images"),
        [URL, "file:///k"],
    ],
)
def test_what_can_be_fetched(url: str | S3Object | list[str | S3Object]) -> None:
    assert found(Asset("fcos/kernel-1.2", url=url, sha256=DIGEST)) == []


PROBLEMS: dict[str, str | S3Object | list[str | S3Object]] = {
    "'mirror.example/k' is not the URL of a file": "mirror.example/k",
    "'ftp://mirror.example/k' is not the URL of a file": "ftp://mirror.example/k",
    "'https:///k' is not the URL of a file": "https:///k",
    "'file://other/k' names no file of the jump host": "file://other/k",
    "'http://[::1' is not a URL (Invalid IPv6 URL)": "http://[::1",
    "'s3://images' is not s3://BUCKET/KEY": "s3://images",
    "its credentials are not the name of a profile": S3Object("s3://im/k", credentials="a b"),
    "'s3.home' is not the URL of a file": S3Object("s3://images/k", endpoint="s3.home"),
    "its URL has credentials in it, and a declaration is not secret": "https://me:pw@a.example/k",
    "it names no source": [],
}


@pytest.mark.parametrize(("problem", "url"), PROBLEMS.items())
def test_what_can_not(problem: str, url: str | S3Object | list[str | S3Object]) -> None:
    assert found(Asset("k", url=url, sha256=DIGEST)) == [
        (Code.INVALID_SOURCE, f"asset 'k': {problem}")
    ]


@pytest.mark.parametrize("digest", ["", DIGEST[:-1], DIGEST.upper(), f"sha256:{DIGEST}"])
def test_what_is_no_digest(digest: str) -> None:
    assert [code for code, _ in found(Asset("k", url=URL, sha256=digest))] == [Code.INVALID_DIGEST]


@pytest.mark.parametrize("name", ["", "a b", "../k", "/k", "k/", "ä"])
def test_what_is_no_name(name: str) -> None:
    assert [code for code, _ in found(Asset(name, url=URL, sha256=DIGEST))] == [Code.INVALID_NAME]
    asset = Asset("k", url=URL, sha256=DIGEST)
    assert [code for code, _ in found(asset, name=name)] == [Code.INVALID_NAME]


def test_a_name_given_twice() -> None:
    twice = found(*[Asset("k", url=URL, sha256=DIGEST)] * 2)
    assert [code for code, _ in twice] == [Code.DUPLICATE_NAME] * 2
