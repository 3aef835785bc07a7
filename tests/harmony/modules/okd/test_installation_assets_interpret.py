from __future__ import annotations

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.asset_store import Fetching
from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    InstallationAssetsQuery,
    SettledInstallation,
)
from harmony.domain.outcome import Outcome, Status
from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.model import Config, File, Storage
from harmony.modules.ignition.pointer import Untouched, pointer
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.resolving import resolved
from harmony.modules.okd.installation_assets import OkdInstallationAssets
from harmony.modules.okd.yaml_text import write_yaml
from inventory.machine_state import MachineState
from tests.harmony.idempotence import outcome_on
from tests.harmony.infra.openshift_install.programs import stand_in
from tests.harmony.modules.okd.examples import (
    COMPACT,
    PULL_SECRET,
    SECRETS,
    SINGLE_NODE,
    SSH_KEY,
)
from tests.harmony.modules.okd.installer_site import HOUR, NOON, InstallerSite
from tests.harmony.modules.okd.test_installation_assets import ALONE, SCORE

pytestmark = pytest.mark.protocol

GOLDEN = Path(__file__).parent / "golden"
CLUSTER = "okd.home.example"


@pytest.fixture
def site(tmp_path: Path) -> InstallerSite:
    return InstallerSite(tmp_path, stand_in(tmp_path / "program"))


def run(site: InstallerSite, score: OkdInstallationAssets = SCORE) -> Outcome:
    return outcome_on(site, score)


def one_pass(site: InstallerSite, score: OkdInstallationAssets = SCORE) -> Outcome:
    return asyncio.run(score.interpret().execute(site))


def latest(site: InstallerSite) -> InstallationAssets:
    seen = asyncio.run(site.observe_installation_assets(InstallationAssetsQuery(CLUSTER)))
    assert seen.latest is not None
    return seen.latest


def settle(site: InstallerSite, generation: int) -> None:
    asyncio.run(site.ensure_settled_installation(SettledInstallation(CLUSTER, generation)))


def test_it_waits_for_the_installer(site: InstallerSite) -> None:
    site.program = Fetching("openshift-install", 1, 2)
    found = one_pass(site)
    assert (found.status, found.message) == (
        Status.RUNNING,
        "waiting for openshift-install (2 B), 50 %",
    )


def test_run_alone_it_names_the_secrets_that_it_lacks(site: InstallerSite) -> None:
    site.secrets.clear()
    assert one_pass(site) == Outcome.blocked(
        "secrets that the vault lacks: `provisioner secrets give okd/home/pull-secret FILE`,"
        " `provisioner secrets give okd/home/ssh-key FILE`"
    )
    site.secrets[PULL_SECRET.name] = SECRETS[PULL_SECRET.name]
    assert one_pass(site) == Outcome.blocked(
        "secrets that the vault lacks: `provisioner secrets give okd/home/ssh-key FILE`"
    )
    assert site.writes == []


def test_a_secret_that_is_none_fails_without_showing_it(site: InstallerSite) -> None:
    site.secrets[SSH_KEY.name] = "hunter2"
    found = run(site)
    assert found.status is Status.FAILURE
    assert "sshKey: it is no public key" in found.details
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("score", "golden"),
    [
        (SCORE, "compact.yaml"),
        (ALONE, "in_place.yaml"),
        (replace(ALONE, config=SINGLE_NODE, bootstrap="boot"), "single_node.yaml"),
    ],
)
def test_the_install_config_that_the_installer_gets(
    site: InstallerSite, score: OkdInstallationAssets, golden: str
) -> None:
    run(site, score)
    (spec,) = site.specs
    assert spec.configuration == (GOLDEN / golden).read_text()
    assert spec.secrets == (SECRETS[PULL_SECRET.name],)
    assert SECRETS[PULL_SECRET.name] not in repr(spec)
    assert [(one.path, one.text) for one in spec.manifests] == [
        (one.path, one.text) for one in score.manifests
    ]


def test_past_their_12th_hour_they_are_made_anew_and_machines_named(site: InstallerSite) -> None:
    run(site)
    first = latest(site)
    site.now += 6 * HOUR
    site.installed("cp1")
    site.now += 6 * HOUR
    found = run(site)
    assert found.message.endswith(
        "generation 2: made 12 h 0 min ago: too little is left for an installation"
    )
    assert found.details[2:] == (
        "cp1 was installed out of older ones, whose CA nobody trusts any more:"
        " `provisioner hosts reinstall cp1` installs it again",
    )
    assert latest(site).files["master.ign"] != first.files["master.ign"]
    assert run(site).status is Status.NOOP
    site.installed("cp1")
    assert len(run(site).details) == 2


def test_one_that_is_under_way_is_given_up_at_its_operators_word_only(site: InstallerSite) -> None:
    run(site)
    site.now += HOUR
    site.installed("boot")
    site.now += 22 * HOUR
    assert run(site).details == ("their certificates end at 2026-03-02 12:00 UTC",)
    site.now += HOUR
    asked = one_pass(site)
    assert asked.status is Status.BLOCKED
    assert "`provisioner hosts reinstall boot` begins it again" in asked.message
    assert latest(site).generation == 1
    site.installed("boot", MachineState.INSTALLING)
    assert run(site).status is Status.SUCCESS
    assert latest(site).generation == 2


def test_a_cluster_that_is_up_keeps_its_own_for_good(site: InstallerSite) -> None:
    run(site)
    site.installed("boot")
    settle(site, 1)
    site.now = NOON + 1000 * 24 * HOUR
    site.secrets.clear()
    site.program = Fetching("openshift-install")
    otherwise = replace(SCORE, config=COMPACT.model_copy(update={"fips": True}), manifests=())
    found = run(site, otherwise)
    assert (found.status, found.details) == (Status.NOOP, ())
    assert latest(site).generation == 1


def test_another_declaration_before_anything_has_begun(site: InstallerSite) -> None:
    run(site)
    run(site, replace(SCORE, manifests=()))
    assert latest(site).generation == 2
    assert run(site, replace(SCORE, manifests=())).status is Status.NOOP


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"version": "4.18.0"}, "is of release 4.18.0, and 4.19.0-okd-scos.19 is declared"),
        ({"after": 'test "$2" != ignition-configs || echo "{" > "$4/master.ign"'}, "master.ign"),
        (
            {"after": 'test "$2" != ignition-configs || echo a > "$4/auth/kubeconfig"'},
            "auth/kubeconfig",
        ),
        ({"before": 'test "$1" = version || exit 3'}, "the install-config is refused"),
    ],
)
def test_what_the_installer_does_wrong_is_told(
    site: InstallerSite, how: dict[str, str], words: str
) -> None:
    site.program = stand_in(site.folder / "broken", **how)
    found = run(site)
    assert found.status is Status.FAILURE
    assert words in found.message
    assert SECRETS[PULL_SECRET.name] not in repr(found)
    site.program = stand_in(site.folder / "program")
    assert run(site).status is Status.SUCCESS


def additions(host: str, disk: str) -> Layer:
    """Its name, and to which disk CoreOS's installer writes."""
    chosen = write_yaml({"dest-device": disk})
    files = (
        File(path="/etc/hostname", contents=inline(f"{host}\n")),
        File(path="/etc/coreos/installer.d/disk.yaml", contents=inline(chosen)),
    )
    return Layer.written(f"host {host}", Config(storage=Storage(files=files)))


@pytest.mark.parametrize("name", ["bootstrap.ign", "master.ign", "worker.ign"])
def test_hosts_have_pointers_of_their_own_over_what_stays_untouched(
    site: InstallerSite, name: str
) -> None:
    run(site)
    document = latest(site).files[name]
    url = f"https://10.7.0.1/t/0123456789abcdef/{name}"
    disk = "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4"
    text = pointer(Untouched(name, url, document), [additions("cp1", disk)])
    judged = subprocess.run(
        ["ignition-validate", "-"], input=text, text=True, capture_output=True, check=False
    )
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")
    mcs = {
        f"https://api-int.{CLUSTER}:22623/config/{role}": b'{"ignition": {"version": "3.2.0"}}'
        for role in ("master", "worker")
    }
    whole = resolved(read(text.encode(), "pointer"), {url: document, **mcs})
    contents = {file.path: file.contents.source for file in whole.storage.files}
    assert contents["/etc/hostname"] == "data:,cp1%0A"
    assert disk in (contents["/etc/coreos/installer.d/disk.yaml"] or "")
    if name == "bootstrap.ign":
        assert "/opt/openshift/tls/root-ca.key" in contents
