"""Repositories of images, as `imageDigestSources` names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harmony.modules.okd.document import finding
from harmony.modules.okd.install_config import ImageContentSource, ImageDigestSource, InstallConfig
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

# distribution/reference, regexp.go: a host that can't be taken for a first part of the path, then parts.
_HOST = r"([a-zA-Z0-9][a-zA-Z0-9-]*(\.[a-zA-Z0-9][a-zA-Z0-9-]*)+(:[0-9]+)?|[a-zA-Z0-9-]+:[0-9]+|localhost)"
_PART = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_HOST}(/{_PART})*")


def check_mirrors(config: InstallConfig) -> Iterator[Diagnostic]:
    if config.image_digest_sources and config.image_content_sources:
        yield finding(
            Code.INVALID_IMAGE_MIRROR,
            "imageContentSources",
            "stands beside imageDigestSources, its new name",
            "move its entries to imageDigestSources",
        )
    yield from _check("imageDigestSources", config.image_digest_sources)
    yield from _check("imageContentSources", config.image_content_sources)


def _check(
    section: str, sources: Sequence[ImageDigestSource | ImageContentSource]
) -> Iterator[Diagnostic]:
    for at, one in enumerate(sources):
        where = f"{section}[{at}]"
        yield from _repository(f"{where}.source", one.source)
        for number, mirror in enumerate(one.mirrors):
            yield from _repository(f"{where}.mirrors[{number}]", mirror)


def _repository(where: str, written: str) -> Iterator[Diagnostic]:
    if not _REPOSITORY.fullmatch(written):
        yield finding(
            Code.INVALID_IMAGE_MIRROR,
            where,
            f"{written!r} is no repository of images",
            "write host, port and path without a tag, such as mirror.home.example:5000/okd/release",
        )
