"""The Score on a real site: out of a server's mouth, through the store and the daemon, to a machine; and
again when the server is gone."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any, cast

import pytest

from harmony.domain.asset import Asset
from harmony.domain.outcome import Outcome, Status
from harmony.infra.asset_downloads import AssetDownloads, folder_in, sources_with
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.provisioner_daemon import ProvisionerDaemon
from harmony.infra.s3_credentials import CredentialsFiles
from harmony.maestro import Maestro
from harmony.modules.assets.assets import Assets
from harmony.topologies.bare_metal import BareMetalSite
from harmony.topologies.served_site import SiteAdapters
from tests.harmony.infra.file_server import Behaviour, file_server
from tests.namespaces import segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import SITE, served_on

pytestmark = pytest.mark.protocol

CONTENT = os.urandom(2_000_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def carried_out(score: Assets, daemon: DaemonChild, cache: Path) -> Outcome:
    """By a command of its own, over the daemon that is there."""

    async def carry_out() -> Outcome:
        client = DaemonClient(daemon.state / "admin.sock")
        unused = cast(Any, None)
        site = BareMetalSite(
            SiteAdapters(
                site=SITE,
                daemon=ProvisionerDaemon(client, SITE, (score.key(),)),
                artifacts=unused,
                assets=AssetDownloads(folder_in(cache), sources_with(CredentialsFiles(()))),
                installer=unused,
                vault=unused,
                kubeconfigs=unused,
                kubernetes=unused,
                power=unused,
            )
        )
        maestro = Maestro(site)
        maestro.register(score)
        try:
            return (await maestro.run(lambda event: None))[score.key()]
        finally:
            await client.close()

    return asyncio.run(carry_out())


def test_downloaded_once_and_served_for_ever(tmp_path: Path) -> None:
    with segment() as wire, served_on(wire, tmp_path) as daemon:
        machine = wire.station("eth0", "10.7.0.50/24")
        url = f"http://10.7.0.1/artifacts/{DIGEST}/kernel"
        with file_server() as server:
            server.files["/k"] = Behaviour(CONTENT, cuts=[1_500_000])
            score = Assets("fcos", [Asset("fcos/kernel", url=f"{server.url}/k", sha256=DIGEST)])
            first = carried_out(score, daemon, tmp_path / "cache")
            assert (first.status, first.details) == (
                Status.SUCCESS,
                (f"/artifacts/{DIGEST}/kernel",),
            )
            assert len(server.asked) == 2
        for _ in range(2):
            machine.run("curl", "-sSf", "-o", str(tmp_path / "got"), url)
            assert (tmp_path / "got").read_bytes() == CONTENT
            assert carried_out(score, daemon, tmp_path / "cache").status is Status.NOOP
            daemon.restart()
