"""The store as a person, a crash or a full disk may leave it, and as `fetch` mends it."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from harmony.domain.asset import Asset
from harmony.infra.asset_folder import AssetFolder
from harmony.modules.preflight.asset_checks import asset_checks
from harmony.modules.preflight.assets import Kept, KeptAsset
from provisioner.cli.fetch import fetch_site
from provisioner.cli.preflight.asset_probe import kept
from provisioner.cli.preflight.examination import examine

pytestmark = pytest.mark.protocol

CONTENT = b"a kernel" * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def looked(store: AssetFolder, asset: Asset) -> tuple[str, str]:
    async def look(one: Asset) -> KeptAsset:
        return await kept(store, one)

    (result,) = asyncio.run(examine(asset_checks([asset], look)))
    return result.verdict.value, result.words


def test_found_out_and_mended_as_its_fix_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONY_CACHE", str(tmp_path / "cache"))
    (tmp_path / "kernel").write_bytes(CONTENT)
    asset = Asset("kernel", f"file://{tmp_path}/kernel", DIGEST)
    site_file = tmp_path / "site.py"
    site_file.write_text(
        "from harmony import Asset, Assets, MachineSite, Maestro\n"
        "from inventory import Site, Network\n"
        'site = Site("home", [Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")], [])\n'
        "def deploy(maestro: Maestro[MachineSite]) -> None:\n"
        f"    maestro.register(Assets('files', [{asset!r}]))\n"
    )
    store = AssetFolder(tmp_path / "cache" / "assets")
    path = store.finished(asset)

    assert looked(store, asset) == ("failure", "it is not in the store")
    store.partial(asset).parent.mkdir(parents=True)
    store.partial(asset).write_bytes(CONTENT[:3000])
    assert looked(store, asset) == ("failure", "only 3.0 kB of it are there")

    path.parent.mkdir()
    path.write_bytes(b"an error page")
    assert looked(store, asset)[0] == "failure"
    assert (
        f"another content than declared: its sha256 is {_sha256(b'an error page')}"
        in (looked(store, asset)[1])
    )

    with (tmp_path / "told").open("w") as out:
        assert fetch_site(site_file, tmp_path / "state", out) == 0
    assert looked(store, asset) == ("success", "8.0 kB, with the declared digest")

    path.write_bytes(CONTENT.upper())
    assert looked(store, asset)[0] == "failure"


def test_what_a_person_has_put_there_is_read(tmp_path: Path) -> None:
    asset, store = Asset("kernel", "https://x.example/", DIGEST), AssetFolder(tmp_path)
    store.finished(asset).parent.mkdir()
    store.finished(asset).write_bytes(CONTENT)
    assert looked(store, asset)[0] == "success"


def test_what_takes_too_long_to_read_is_left_to_fetch(tmp_path: Path) -> None:
    asset, store = Asset("kernel", "https://x.example/", DIGEST), AssetFolder(tmp_path)
    store.finished(asset).parent.mkdir()
    with store.finished(asset).open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)  # a hole: no disk is used
    assert asyncio.run(kept(store, asset, read_seconds=0.1)).kept is Kept.UNREAD


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
