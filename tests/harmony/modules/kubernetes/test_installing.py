from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from harmony.domain.capability.secret_vault import SecretVault
from harmony.infra.file_vault import FileVault
from harmony.modules.kubernetes.cluster_assets import ClusterAssets, ask_assets
from harmony.modules.kubernetes.installing import installations
from harmony.modules.kubernetes.secrets import cluster_secrets
from inventory.contribution import Installation
from tests.harmony.modules.kubernetes.examples import CP1, W1, plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit


async def made(vault: SecretVault | None = None) -> tuple[Installation, ...]:
    site = RecordingSite()
    assets = await ask_assets(site)
    assert isinstance(assets, ClusterAssets)
    secrets = await cluster_secrets(vault or site, plan_of())
    return await installations(site, plan_of(), (CP1, W1), assets, secrets)


def test_the_same_image_and_arguments_for_every_host_and_a_config_of_its_own() -> None:
    cp1, w1 = asyncio.run(made())
    assert (cp1.host, w1.host) == ("cp1", "w1")
    assert cp1.image == w1.image
    assert cp1.arguments == w1.arguments
    assert cp1.arguments.startswith("systemd.unified_cgroup_hierarchy=0 ")
    assert cp1.ignition != w1.ignition
    assert json.loads(cp1.ignition)["ignition"] == {"version": "3.3.0"}


def test_equal_wishes_are_equal_bytes_a_year_and_a_process_later(tmp_path: Path) -> None:
    now = 1_700_000_000.0
    first = asyncio.run(made(FileVault(tmp_path / "vault", lambda: now)))
    later = asyncio.run(made(FileVault(tmp_path / "vault", lambda: now + 31_536_000)))
    assert first == later
