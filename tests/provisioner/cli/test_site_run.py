"""A real site's run put together."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harmony.domain.capability.artifact_store import ArtifactQuery, Preparing
from harmony.domain.capability.cluster_installer import InstallationAssetsQuery
from harmony.domain.capability.dns_server import DnsRecords
from harmony.domain.capability.power_control import PowerSpec, PowerState
from harmony.domain.capability.secret_vault import GivenSecret, SecretSpec, Token
from harmony.infra.errors import PowerRefusedError, ServiceUnreachableError, ZoneKeyRefusedError
from inventory.contribution import Artifact, DnsRecord
from inventory.host import Host, Nic, WakeOnLan
from inventory.name_server import NameServer
from inventory.site import Site
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.places import StatePlace
from provisioner.cli.site_run import bare_metal_run
from provisioner.cli.views import Watch
from tests.peers.name_servers import KEY
from tests.peers.served_site import LAN
from tests.peers.stand_in_builder import command

W1 = Host("w1", [Nic("52:54:00:07:00:12")], bmc=WakeOnLan())
SITE = Site("home", [LAN], [W1])


def builds(folder: Path) -> ImageBuilds:
    return ImageBuilds(
        folder, folder / "log", lambda row: None, names=("ramdisk",), builder=command("finishes")
    )


@pytest.mark.unit
def test_a_real_site_powers_on_as_declared(tmp_path: Path) -> None:
    run, site = bare_metal_run(SITE, (), StatePlace(tmp_path), builds(tmp_path), Watch(()))
    assert run.site is site
    with pytest.raises(PowerRefusedError, match="Wake-on-LAN, which can't switch off"):
        asyncio.run(site.ensure_power(PowerSpec(W1, PowerState.OFF)))
    with pytest.raises(ServiceUnreachableError, match="no daemon answers at"):
        asyncio.run(run.hosts.look())


@pytest.mark.protocol
def test_images_are_as_the_builders_say(tmp_path: Path) -> None:
    building = builds(tmp_path)
    _, site = bare_metal_run(SITE, (), StatePlace(tmp_path), building, Watch(()))
    asking = ArtifactQuery("vmlinuz")
    assert asyncio.run(site.ask_artifact(asking)) == Preparing("vmlinuz", 0)
    asyncio.run(building.run())
    assert isinstance(asyncio.run(site.ask_artifact(asking)), Artifact)


@pytest.mark.unit
def test_what_installers_made_lies_beside_what_the_daemon_reads(tmp_path: Path) -> None:
    place = StatePlace(tmp_path)
    _, site = bare_metal_run(SITE, (), place, builds(tmp_path), Watch(()))
    query = InstallationAssetsQuery("okd.home.example")
    assert asyncio.run(site.observe_installation_assets(query)).latest is None
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == [place.installations / "clusters/okd.home.example/lock"]


@pytest.mark.unit
def test_secrets_lie_beside_what_the_daemon_reads(tmp_path: Path) -> None:
    place = StatePlace(tmp_path)
    _, site = bare_metal_run(SITE, (), place, builds(tmp_path), Watch(()))
    asyncio.run(site.ensure_secret(SecretSpec("token", Token())))
    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [place.vault] * len(
        list(place.vault.iterdir())
    )
    assert not place.daemon.exists()


@pytest.mark.unit
def test_names_by_the_name_server_that_the_site_has(tmp_path: Path) -> None:
    """Its key is given by a person; nobody listens there."""
    place = StatePlace(tmp_path)
    server = NameServer("127.0.0.1", ["home.example"], key="dns/home", port=1)
    declared = Site("home", [LAN], [W1], name_server=server)
    _, site = bare_metal_run(declared, (), place, builds(tmp_path), Watch(()))
    wish = DnsRecords("names", (DnsRecord("api.home.example", "10.7.0.10"),))
    with pytest.raises(ZoneKeyRefusedError, match="`provisioner secrets give dns/home FILE`"):
        asyncio.run(site.ensure_dns_records(wish))
    asyncio.run(site.ensure_given_secret(GivenSecret("dns/home", KEY)))
    with pytest.raises(ServiceUnreachableError, match=r"127\.0\.0\.1:1 does not answer"):
        asyncio.run(site.ensure_dns_records(wish))
