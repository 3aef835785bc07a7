from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from harmony.domain.asset import Asset, S3Object

pytestmark = pytest.mark.unit

DIGEST = "0" * 64
OBJECT = S3Object("s3://images/os/kernel", endpoint="https://s3.home.example", credentials="images")


def test_one_source_or_several_mirrors() -> None:
    one = Asset("kernel", url="https://mirror.example/k", sha256=DIGEST)
    several = Asset("kernel", url=["https://a.example/k", "s3://b/k", OBJECT], sha256=DIGEST)
    assert one.sources == ("https://mirror.example/k",)
    assert several.sources == ("https://a.example/k", S3Object("s3://b/k"), OBJECT)


def test_bucket_and_key() -> None:
    assert (OBJECT.bucket, OBJECT.key) == ("images", "os/kernel")


@pytest.mark.parametrize("url", ["https://mirror.example/k", OBJECT, ["file:///k", OBJECT]])
def test_json_there_and_back(url: str | S3Object | list[str | S3Object]) -> None:
    adapter = TypeAdapter(Asset)
    asset = Asset("kernel", url=url, sha256=DIGEST)
    assert adapter.validate_json(adapter.dump_json(asset)) == asset
