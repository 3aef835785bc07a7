"""A file to download, and one download of it, as the tests of downloads share them."""

from __future__ import annotations

import hashlib
import os

from harmony.domain.asset import Asset
from harmony.infra.asset_download import AssetDownload, Step
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.http_source import HttpSource
from inventory.contribution import Artifact

CONTENT = os.urandom(3_000_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
OTHER = os.urandom(3_000_000)


def asset(*urls: str, sha256: str = DIGEST) -> Asset:
    return Asset("kernel", url=urls, sha256=sha256)


def download(
    wanted: Asset, folder: AssetFolder, stall: float = 5.0, told: list[Step] | None = None
) -> Artifact:
    sources = [HttpSource(str(url), stall) for url in wanted.sources]
    steps: list[Step] = [] if told is None else told
    return AssetDownload(wanted, sources, folder, steps.append).run()
