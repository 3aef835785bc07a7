from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.asset import Asset
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Status
from harmony.domain.score import HasCheck, HasUpkeep
from harmony.modules.okd.extra_manifest import ExtraManifest
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.installation_assets import OkdInstallationAssets
from harmony.modules.okd.network_manifest import FILE, network_manifest
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.harmony.idempotence import assert_idempotent
from tests.harmony.infra.openshift_install.programs import VERSION, stand_in
from tests.harmony.modules.okd.examples import COMPACT, EVERYTHING, IN_PLACE
from tests.harmony.modules.okd.installer_site import InstallerSite

pytestmark = pytest.mark.protocol

INSTALLER = Asset("openshift-install", "file:///srv/openshift-install", "ab" * 32)
MANIFEST = ExtraManifest(path=FILE, text=network_manifest(8900))
SCORE = OkdInstallationAssets(
    version=VERSION,
    installer=INSTALLER,
    config=COMPACT,
    bootstrap="boot",
    control_planes=["cp1", "cp2", "cp3"],
    manifests=[MANIFEST],
)
ALONE = OkdInstallationAssets(
    version=VERSION, installer=INSTALLER, config=IN_PLACE, bootstrap="cp1", control_planes=["cp1"]
)
HOSTS = [
    Host(name, nics=[Nic(f"52:54:00:07:00:1{number}")], address=f"10.7.0.1{number}")
    for number, name in enumerate(("boot", "cp1", "cp2", "cp3"))
]
SITE = Site("home", [Network("home", "10.7.0.0/24", "eth0", "10.7.0.1")], HOSTS)


def score(config: InstallConfig) -> OkdInstallationAssets:
    return replace(SCORE, config=config)


@pytest.mark.parametrize("wanted", [SCORE, ALONE, score(EVERYTHING)])
def test_a_good_one_comes_back_out_of_its_document(wanted: OkdInstallationAssets) -> None:
    assert wanted.check(SITE) == ()
    assert from_document(to_document(wanted), [OkdInstallationAssets]) == wanted


def test_what_it_makes_is_one_thing_a_cluster() -> None:
    assert SCORE.key() == "okd-installation-assets/okd.home.example"
    assert SCORE.hosts == ("boot", "cp1", "cp2", "cp3")
    assert ALONE.hosts == ("cp1",)
    assert isinstance(SCORE, HasCheck)
    assert isinstance(SCORE, HasUpkeep)
    assert SCORE.upkeep() == SCORE.interpret()


@pytest.mark.parametrize(
    ("wanted", "code", "words"),
    [
        (replace(SCORE, version="4.13"), Code.UNKNOWN_RELEASE, "OKD 4.13 is older"),
        (
            replace(SCORE, control_planes=["cp1", "cp2"]),
            Code.OKD_NODE_COUNT,
            "3 is not the number of machines that are booted, 2",
        ),
        (
            replace(SCORE, installer=replace(INSTALLER, sha256="ab")),
            Code.INVALID_DIGEST,
            "'ab' is no sha256",
        ),
        (
            replace(SCORE, manifests=[ExtraManifest(path="a.yaml", text=MANIFEST.text)]),
            Code.INVALID_OKD_FILE,
            "a.yaml: the installer reads no manifest at that path",
        ),
        (
            replace(SCORE, bootstrap="cp9"),
            Code.HOST_NOT_OF_SITE,
            "names host 'cp9', which the site doesn't have",
        ),
        (
            replace(SCORE, bootstrap="cp1"),
            Code.OKD_NODE_COUNT,
            "'cp1' can't bootstrap okd.home.example",
        ),
        (
            replace(ALONE, bootstrap="boot"),
            Code.OKD_NODE_COUNT,
            "'boot' can't bootstrap okd.home.example",
        ),
    ],
)
def test_what_is_wrong_is_found_without_asking_anybody(
    wanted: OkdInstallationAssets, code: Code, words: str
) -> None:
    found: list[Diagnostic] = [one for one in wanted.check(SITE) if words in one.message]
    assert [one.code for one in found][:1] == [code], wanted.check(SITE)


def test_the_second_run_makes_nothing(tmp_path: Path) -> None:
    site = InstallerSite(tmp_path, stand_in(tmp_path / "program"))
    outcome = assert_idempotent(site, SCORE)
    assert outcome.message == (
        "bootstrap.ign, master.ign, worker.ign of okd.home.example, generation 1: none were made yet"
    )
    assert outcome.details == (
        "boot is to begin before 2026-03-02 00:00 UTC",
        "their certificates end at 2026-03-02 12:00 UTC",
    )
    assert outcome.status is Status.SUCCESS


def test_a_single_machine(tmp_path: Path) -> None:
    site = InstallerSite(tmp_path, stand_in(tmp_path / "program"))
    outcome = assert_idempotent(site, ALONE)
    assert outcome.message.startswith(
        "bootstrap-in-place-for-live-iso.ign, worker.ign of okd.home.example, generation 1"
    )
