from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kvm.lab.stand_in_openshift_install.asset_directory import STATE, begun, put, take_manifests
from kvm.lab.stand_in_openshift_install.install_config import RefusedInstallConfig
from tests.kvm.lab.stand_in_openshift_install.configs import directory, text

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_install_config_is_consumed_and_the_state_goes_on_with_its_certificates(
    tmp_path: Path,
) -> None:
    folder = directory(tmp_path)
    first = begun(folder, NOW)
    assert [path.name for path in folder.iterdir()] == [STATE]
    assert first.text == text()
    assert begun(folder, datetime(2027, 1, 1, tzinfo=UTC)) == first


def test_without_an_install_config_it_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(RefusedInstallConfig, match=r"install-config\.yaml: no such file"):
        begun(tmp_path, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_refused_install_config_stays(tmp_path: Path) -> None:
    (tmp_path / "install-config.yaml").write_text("{}")
    with pytest.raises(RefusedInstallConfig):
        begun(tmp_path, NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["install-config.yaml"]


def test_manifests_are_consumed_whoever_put_them_there(tmp_path: Path) -> None:
    put(tmp_path, "manifests/a.yml", "a")
    put(tmp_path, "openshift/b.yaml", "b")
    put(tmp_path, "other", "stays")
    assert take_manifests(tmp_path) == {"manifests/a.yml": "a", "openshift/b.yaml": "b"}
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
    assert take_manifests(tmp_path) == {}
