"""Where things are kept, by environment and user."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.places import (
    StatePlace,
    cache_folder,
    credentials_files,
    service_cache_folder,
    state_folder,
)

pytestmark = pytest.mark.unit


def test_what_a_state_folder_holds() -> None:
    place = StatePlace(Path("/state"))
    found = {name: str(getattr(place, name)) for name in dir(StatePlace) if name[0] != "_"}
    assert found == {
        "root": "/state",
        "daemon": "/state/daemon",
        "admin_socket": "/state/daemon/admin.sock",
        "vault": "/state/vault",
        "secrets": "/state/vault/secrets",
        "log": "/state/provisioner.log",
        "daemon_log": "/state/daemon.log",
        "build_log": "/state/build.log",
        "kubeconfigs": "/state/kubeconfigs",
        "installations": "/state/installations",
        "machines": "/state/machines",
        "preflight": "/state/preflight",
        "report": "/state/report.json",
        "site_file": "/state/site-file",
        "command_lock": "/state/command.lock",
    }


@pytest.mark.parametrize(
    ("environment", "cache"),
    [
        ({"HARMONY_CACHE": "/c", "XDG_CACHE_HOME": "/x"}, "/c"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/harmony-provisioner"),
        ({}, "/home/me/.cache/harmony-provisioner"),
    ],
)
def test_the_cache(
    environment: dict[str, str], cache: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, environment)
    assert str(cache_folder()) == cache


@pytest.mark.parametrize(
    ("user", "environment", "state"),
    [
        (0, {"HARMONY_STATE": "/s"}, "/s"),
        (0, {"XDG_STATE_HOME": "/x"}, "/var/lib/harmony-provisioner"),
        (1000, {"XDG_STATE_HOME": "/x"}, "/x/harmony-provisioner"),
        (1000, {}, "/home/me/.local/state/harmony-provisioner"),
    ],
)
def test_the_state(
    user: int, environment: dict[str, str], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(monkeypatch, environment)
    assert str(state_folder(user)) == state


def _only(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("HARMONY_CACHE", "HARMONY_STATE", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (environment | {"HOME": "/home/me"}).items():
        monkeypatch.setenv(name, value)


def test_a_services_images_lie_in_nobodys_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARMONY_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/me/.cache")
    assert service_cache_folder() == Path("/var/cache/harmony-provisioner")
    monkeypatch.setenv("HARMONY_CACHE", "/srv/cache")
    assert service_cache_folder() == Path("/srv/cache")


def test_keys_of_object_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = StatePlace(tmp_path)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/etc/keys")
    own = tmp_path / "vault" / "s3-credentials"
    assert credentials_files(place) == (own, Path("/etc/keys"))
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE")
    monkeypatch.setenv("HOME", "/home/ada")
    assert credentials_files(place) == (own, Path("/home/ada/.aws/credentials"))
