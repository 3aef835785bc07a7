"""Looks into the store of assets: without waiting for a download, and reading no longer than a check may."""

from __future__ import annotations

import asyncio
from pathlib import Path

from harmony.domain.asset import Asset
from harmony.infra.asset_folder import AssetFolder, sha256_of
from harmony.modules.preflight.assets import Kept, KeptAsset
from provisioner.cli.preflight.examination import apart

_READ_SECONDS = 3.0


async def kept(folder: AssetFolder, asset: Asset, read_seconds: float = _READ_SECONDS) -> KeptAsset:
    """What the store verified and nobody has touched since isn't read again."""
    path = folder.finished(asset)
    verified = folder.find(asset)
    if verified is not None:
        return KeptAsset(Kept.RIGHT, str(path), verified.size, asset.sha256)
    size = _size(path)
    if size is None:
        partial = _size(folder.partial(asset))
        missing = Kept.MISSING if partial is None else Kept.PARTIAL
        return KeptAsset(missing, str(path), partial or 0)
    try:
        async with asyncio.timeout(read_seconds):
            digest = await apart(lambda: sha256_of(path))
    except TimeoutError:
        return KeptAsset(Kept.UNREAD, str(path), size)
    right = Kept.RIGHT if digest == asset.sha256 else Kept.OTHER_CONTENT
    return KeptAsset(right, str(path), size, digest)


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
