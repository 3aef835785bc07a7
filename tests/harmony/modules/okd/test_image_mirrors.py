from __future__ import annotations

import pytest

from harmony.modules.okd.image_mirrors import check_mirrors
from harmony.modules.okd.install_config import ImageContentSource, ImageDigestSource
from tests.harmony.modules.okd.examples import COMPACT

pytestmark = pytest.mark.unit


def found(**sections: object) -> list[tuple[str, str]]:
    config = COMPACT.model_copy(update=sections)
    return [(one.code, one.message) for one in check_mirrors(config)]


@pytest.mark.parametrize(
    "written",
    [
        "quay.io/okd/scos-release",
        "mirror.home.example:5000/okd/release",
        "mirror:5000/a__b/c-d.e",
        "mirror.home.example:5000",
        "localhost/a",
        "10.7.0.1:5000/okd",
    ],
)
def test_a_repository(written: str) -> None:
    assert (
        found(image_digest_sources=(ImageDigestSource(source=written, mirrors=(written,)),)) == []
    )


@pytest.mark.parametrize(
    "written",
    [
        "quay.io/okd/scos-release:4.19",
        "quay.io/okd@sha256:00",
        "okd/release",
        "",
        "https://quay.io/okd",
        "quay.io/OKD",
        "quay.io/okd/",
        "quay.io//okd",
        "quay.io/okd\n",
    ],
)
def test_no_repository(written: str) -> None:
    source = ImageDigestSource(source="quay.io/okd", mirrors=("quay.io/okd", written))
    message = f"imageDigestSources[0].mirrors[1]: {written!r} is no repository of images"
    assert found(image_digest_sources=(source,)) == [("HP0229", message)]


def test_the_old_name_is_judged_alike_and_stands_alone() -> None:
    assert found(
        image_digest_sources=(ImageDigestSource(source="quay.io/okd"),),
        image_content_sources=(ImageContentSource(source="okd/a:1"),),
    ) == [
        ("HP0229", "imageContentSources: stands beside imageDigestSources, its new name"),
        ("HP0229", "imageContentSources[0].source: 'okd/a:1' is no repository of images"),
    ]
