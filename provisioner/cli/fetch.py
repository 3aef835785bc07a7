"""`provisioner fetch SITE.py`: all assets of a declaration into the store, before there is no network."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from harmony.domain.asset import Asset
from harmony.infra.asset_downloads import AssetDownloads, folder_in, sources_with
from harmony.infra.s3_credentials import CredentialsFiles
from inventory.contribution import Artifact
from inventory.diagnostic import Severity
from inventory.errors import HarmonyError
from inventory.render import render_all
from provisioner.cli.asset_rows import asset_row
from provisioner.cli.check import judged
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES, assets_of
from provisioner.cli.places import StatePlace, cache_folder, credentials_files
from provisioner.cli.views import Lines, Watch
from provisioner.images.calling import caller

_PERIOD = 0.3
"""Seconds between two looks at a download."""


def fetch_site(site_file: Path, state: Path, out: TextIO = sys.stdout) -> int:
    """1 if the declaration is faulty, or an asset can't be had: the others are there all the same."""
    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if any(one.severity is Severity.ERROR for one in found):
        out.write(render_all(found, declaration.sources, colour=out.isatty()) + "\n")
        return 1
    watch = Watch((Lines(out),))
    store = AssetDownloads(
        folder_in(cache_folder().absolute(), caller()),
        sources_with(CredentialsFiles(credentials_files(StatePlace(state)))),
        tell=lambda told: watch.tell(asset_row(told)),
    )
    return asyncio.run(_fetch(store, assets_of(scores), watch))


async def _fetch(store: AssetDownloads, assets: Sequence[Asset], watch: Watch) -> int:
    done = await asyncio.gather(*(_there(store, asset, watch) for asset in assets))
    watch.say(f"{sum(done)} of {len(done)} assets are in the store")
    return 0 if all(done) else 1


async def _there(store: AssetDownloads, asset: Asset, watch: Watch) -> bool:
    """Whether it is, in the end."""
    try:
        while True:
            await store.ensure_asset(asset)
            if isinstance(await store.observe_asset(asset), Artifact):
                return True
            await asyncio.sleep(_PERIOD)
    except HarmonyError as error:
        watch.say(f"error: {error}")
        return False
