from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harmony.domain.capability.cluster_installer import (
    InstallationAssetsSpec,
    InstallerManifest,
    SettledInstallation,
)
from harmony.domain.outcome import Change
from harmony.infra.openshift_install.errors import (
    AssetsKeptError,
    AssetsUnusableError,
    InstallerFailedError,
    InstallerMismatchError,
)
from harmony.infra.openshift_install.openshift_installer import (
    InstallerSettings,
    OpenshiftInstaller,
)
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.rfc2397 import decoded
from inventory.contribution import Artifact
from inventory.errors import ProvisionerBug
from tests.harmony.infra.openshift_install.programs import (
    CLUSTER,
    LEFT,
    VERSION,
    latest,
    observed,
    plain,
    single,
    spec,
    stand_in,
)
from tests.kvm.lab.stand_in_openshift_install.configs import PULL_SECRET

pytestmark = pytest.mark.protocol


def at(folder: Path, now: float = 1_772_366_400.0) -> OpenshiftInstaller:
    settings = InstallerSettings(folder / "kept", folder / "scratch", patience=60.0)
    return OpenshiftInstaller(settings, lambda: now)


def ensure(one: OpenshiftInstaller, wanted: InstallationAssetsSpec) -> Change:
    return asyncio.run(one.ensure_installation_assets(wanted))


def test_what_is_made_is_whole_and_sealed_and_nothing_plain_is_left(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "program")
    assert observed(at(tmp_path)).latest is None
    assert ensure(at(tmp_path), spec(program)).changed
    found = latest(at(tmp_path))
    assert found.files.keys() == {*LEFT, "bootstrap.ign", "master.ign", "worker.ign"}
    assert (found.generation, found.version, found.settled) == (1, VERSION, False)
    assert found.inputs_sha256 == spec(program).inputs_sha256
    assert found.made_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert plain(tmp_path) == []
    on_disk = b"".join(
        path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file()
    )
    assert found.files["auth/kubeadmin-password"] not in on_disk
    assert b"aWQ6cGFzcwo=" not in on_disk


def test_the_second_time_nothing_is_run(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "program", before=f"echo run >> {tmp_path}/runs")
    for changed in (True, False):
        assert ensure(at(tmp_path), spec(program)).changed is changed
    assert (tmp_path / "runs").read_text().count("run") == 3
    assert latest(at(tmp_path)).generation == 1


def test_each_generation_has_its_own_certificates_and_the_one_before_stays(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "program")
    ensure(at(tmp_path), spec(program))
    first = latest(at(tmp_path)).files["master.ign"]
    ensure(at(tmp_path, 1_772_412_345.0), spec(program, generation=2))
    second = latest(at(tmp_path))
    assert (second.generation, second.made_at.timestamp()) == (2, 1_772_412_345.0)
    assert second.files["master.ign"] != first
    assert not ensure(at(tmp_path), spec(program)).changed


def test_a_generation_of_something_else_is_kept(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "program")
    ensure(at(tmp_path), spec(program))
    before = latest(at(tmp_path))
    with pytest.raises(AssetsKeptError, match="made of something else"):
        ensure(at(tmp_path), replace(spec(program), configuration="other"))
    assert latest(at(tmp_path)) == before


def test_after_bootstrap_there_is_no_other(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "program")
    ensure(at(tmp_path), spec(program))
    for changed in (True, False):
        settled = at(tmp_path).ensure_settled_installation(SettledInstallation(CLUSTER, 1))
        assert asyncio.run(settled).changed is changed
    assert latest(at(tmp_path)).settled
    with pytest.raises(AssetsKeptError, match="they are its last"):
        ensure(at(tmp_path), spec(program, generation=2))
    assert not ensure(at(tmp_path), spec(program)).changed


def test_extra_manifests_are_put_between_the_two_commands(tmp_path: Path) -> None:
    manifests = (
        InstallerManifest("manifests/cluster-scheduler-02-config.yml", "kind: Scheduler\n"),
        InstallerManifest("openshift/99-chrony.yaml", "kind: MachineConfig\n"),
    )
    ensure(at(tmp_path), replace(spec(stand_in(tmp_path / "p")), manifests=manifests))
    config = read(latest(at(tmp_path)).files["bootstrap.ign"], "bootstrap.ign")
    found = {file.path: file.contents.source or "" for file in config.storage.files}
    for one in manifests:
        assert decoded(found[f"/opt/openshift/{one.path}"]) == one.text.encode()


def test_a_single_machine(tmp_path: Path) -> None:
    ensure(at(tmp_path), single(stand_in(tmp_path / "p")))
    name = "bootstrap-in-place-for-live-iso.ign"
    assert latest(at(tmp_path)).files.keys() == {*LEFT, name, "worker.ign"}


RECORD = """\
{{ for word in "$@"; do printf '%s\\n' "$word"; done; env | sort; echo; }} >> {record}
"""


def test_exactly_these_command_lines_and_this_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of ours is inherited; PWD is what the shell that records adds itself."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("KUBECONFIG", "/root/.kube/config")
    record = tmp_path / "record"
    ensure(at(tmp_path), spec(stand_in(tmp_path / "p", RECORD.format(record=record))))
    calls = [call.split("\n") for call in record.read_text().strip().split("\n\n")]
    home = next(line for line in calls[0] if line.startswith("HOME=")).removeprefix("HOME=")
    folder = Path(home).parent
    assert folder.parent == tmp_path / "scratch"
    environment = [
        f"HOME={home}",
        "LC_ALL=C.UTF-8",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        f"PWD={folder}",
    ]
    assert calls == [
        [*words.split(), *environment]
        for words in (
            "version",
            f"create manifests --dir {folder}/assets",
            f"create ignition-configs --dir {folder}/assets",
        )
    ]


def test_an_executable_out_of_the_asset_store(tmp_path: Path) -> None:
    program = stand_in(tmp_path / "p")
    Path(program.path).chmod(0o644)
    ensure(at(tmp_path), spec(program))
    assert latest(at(tmp_path)).generation == 1
    copy = tmp_path / "kept/programs" / program.sha256 / "openshift-install"
    assert copy.stat().st_mode & 0o777 == 0o700


BROKEN = {
    "the real one's refusal": (
        {"before": 'test "$1" = version || { echo "level=fatal" >&2; exit 3; }'},
        InstallerFailedError,
        "create manifests ended with 3: the install-config is refused\n  level=fatal",
    ),
    "another release": (
        {"version": "4.18.0"},
        InstallerMismatchError,
        "is of release 4.18.0, and 4.19.0-okd-scos.19 is declared",
    ),
    "a file left out": (
        {"after": 'rm -f "$4/master.ign"; : > "$4/metadata.json"'},
        InstallerFailedError,
        "create ignition-configs made no master.ign, metadata.json",
    ),
    "it is killed": (
        {"before": 'test "$1" = version || kill -KILL $$'},
        InstallerFailedError,
        "create manifests ended with -9: signal 9",
    ),
    "it shows what it should not": (
        {"before": 'test "$1" = version || { cat "$4/install-config.yaml"; exit 1; }'},
        InstallerFailedError,
        "(secret)",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_goes_wrong_is_told_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    how, error, words = BROKEN[name]
    with pytest.raises(error) as raised:
        ensure(at(tmp_path), spec(stand_in(tmp_path / "p", **how)))
    assert words in str(raised.value)
    assert PULL_SECRET not in str(raised.value)
    assert "aWQ6cGFzcwo=" not in str(raised.value)
    assert (observed(at(tmp_path)).latest, plain(tmp_path)) == (None, [])


def test_after_a_failure_the_mended_one_goes_on(tmp_path: Path) -> None:
    with pytest.raises(InstallerFailedError):
        ensure(at(tmp_path), spec(stand_in(tmp_path / "p", before="exit 3")))
    assert ensure(at(tmp_path), spec(stand_in(tmp_path / "p"))).changed


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    missing = Artifact("openshift-install", "00", 1, str(tmp_path / "missing"))
    with pytest.raises(AssetsUnusableError, match="missing: No such file"):
        ensure(at(tmp_path), spec(missing))


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.yaml", "manifests/../a.yaml", "auth/a.yaml"])
def test_a_manifest_has_its_place(tmp_path: Path, path: str) -> None:
    manifest = InstallerManifest(path, "text")
    with pytest.raises(ProvisionerBug, match="no place for a manifest"):
        ensure(at(tmp_path), replace(spec(stand_in(tmp_path / "p")), manifests=(manifest,)))
