from __future__ import annotations

import pytest

from harmony.domain.asset import Asset
from harmony.modules.preflight.assets import Kept, KeptAsset, judge_asset

pytestmark = pytest.mark.unit

KERNEL = Asset("kernel", "https://x.example/kernel", "0" * 64)


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (KeptAsset(Kept.RIGHT, "/s/0", 5_000), "success", "5.0 kB, with the declared digest"),
        (KeptAsset(Kept.MISSING, "/s/0"), "failure", "it is not in the store"),
        (KeptAsset(Kept.PARTIAL, "/s/0", 5_000), "failure", "only 5.0 kB of it are there"),
        (KeptAsset(Kept.UNREAD, "/s/0", 5_000), "pending", "5.0 kB are there, and not verified"),
        (KeptAsset(Kept.OTHER_CONTENT, "/s/0", 5_000, "f" * 64), "failure", "its sha256 is ffff"),
    ],
)
def test_each(found: KeptAsset, verdict: str, words: str) -> None:
    finding = judge_asset(KERNEL, found)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding
    assert ("provisioner fetch" in finding.fix) is (verdict != "success")
