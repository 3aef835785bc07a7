from __future__ import annotations

import asyncio

import pytest

from harmony.domain.asset import Asset
from harmony.domain.preflight.check import Check
from harmony.modules.preflight.asset_checks import asset_checks
from harmony.modules.preflight.assets import Kept, KeptAsset

pytestmark = pytest.mark.unit

KERNEL = Asset("kernel", "https://x.example/kernel", "0" * 64)
INITRD = Asset("initrd", ["https://x.example/initrd", "https://y.example/initrd"], "1" * 64)


async def kept(asset: Asset) -> KeptAsset:
    return KeptAsset(Kept.RIGHT if asset is KERNEL else Kept.MISSING, "/s")


def looked(*assets: Asset) -> list[tuple[str, str]]:
    checks = list(asset_checks(assets, kept))
    return [(check.subject, asyncio.run(verdict(check))) for check in checks]


async def verdict(check: Check) -> str:
    return (await check.look()).verdict.value


def test_each_once() -> None:
    assert looked(KERNEL, INITRD, KERNEL) == [("kernel", "success"), ("initrd", "failure")]


def test_none() -> None:
    assert looked() == [("", "not applicable")]
