"""A check for each declared file from elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator

from harmony.domain.asset import Asset
from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, not_applicable
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.assets import KeptAsset, judge_asset


def asset_checks(
    assets: Iterable[Asset], kept: Callable[[Asset], Awaitable[KeptAsset]]
) -> Iterator[Check]:
    """Of two Scores that want the same file, one."""
    wanted = tuple(dict.fromkeys(assets))
    if not wanted:
        yield Check(catalogue.ASSETS, "", _none)
    for asset in wanted:
        yield _check(asset, kept)


def _check(asset: Asset, kept: Callable[[Asset], Awaitable[KeptAsset]]) -> Check:
    async def look() -> Finding:
        return judge_asset(asset, await kept(asset))

    return Check(catalogue.ASSETS, asset.name, look)


async def _none() -> Finding:
    return not_applicable("no Score wants a file from elsewhere")
