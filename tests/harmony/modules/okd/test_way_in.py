from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from harmony.domain.capability.cluster_installer import InstallationAssets
from harmony.modules.okd.installer_output import OutputRefused
from harmony.modules.okd.way_in import FILE, way_in
from harmony.modules.okd.yaml_text import write_yaml
from kvm.lab.stand_in_openshift_install.creating import TARGETS
from tests.kvm.lab.stand_in_openshift_install.configs import directory

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PEM = "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n"
DATA = base64.b64encode(PEM.encode()).decode()
CLUSTER: dict[str, JsonValue] = {
    "server": "https://api.okd.home.example:6443",
    "certificate-authority-data": DATA,
}
USER: dict[str, JsonValue] = {"client-certificate-data": DATA, "client-key-data": DATA}


def assets(content: bytes) -> InstallationAssets:
    return InstallationAssets("okd.home.example", 2, "4.19", "", NOW, False, {FILE: content})


def written(cluster: JsonValue, user: JsonValue) -> bytes:
    entries: dict[str, JsonValue] = {
        "apiVersion": "v1",
        "clusters": [{"name": "okd", "cluster": cluster}],
        "users": [{"name": "admin", "user": user}],
    }
    return write_yaml(entries).encode()


def test_yaml_as_the_installer_writes_it() -> None:
    found = way_in(assets(written(CLUSTER, USER)), "home", ("10.7.0.5",))
    assert (found.cluster, found.server, found.addresses) == (
        "home",
        "https://api.okd.home.example:6443",
        ("10.7.0.5",),
    )
    assert (found.ca_certificate, found.client_certificate, found.client_key) == (PEM, PEM, PEM)


def test_the_stand_ins(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    TARGETS["create ignition-configs"](folder, NOW)
    found = way_in(assets((folder / FILE).read_bytes()), "home", ())
    assert found.server == "https://api.okd.home.example:6443"
    assert "PRIVATE" in found.client_key


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no kubeconfig with one cluster and one user"),
        (b"\xff", "is no kubeconfig"),
        (b"a: [", "is no kubeconfig"),
        (b"users: []", "lacks 'clusters'"),
        (b"clusters: []", "is no kubeconfig"),
        (b"clusters: [text]", "is no kubeconfig"),
        (written("text", USER), "is no kubeconfig"),
        (written({"server": 1}, USER), "is no kubeconfig"),
        (written({**CLUSTER, "certificate-authority-data": "hunter2"}, USER), "is no kubeconfig"),
        (written({**CLUSTER, "certificate-authority-data": "aHVudGVyMg=="}, USER), "is no kube"),
        (written(CLUSTER, {"token": "hunter2"}), "lacks 'client-certificate-data'"),
    ],
)
def test_what_is_none_is_told_by_its_name_alone(content: bytes, words: str) -> None:
    with pytest.raises(OutputRefused, match=words) as raised:
        way_in(assets(content), "home", ())
    assert str(raised.value).startswith("auth/kubeconfig of generation 2 of okd.home.example ")
    assert "hunter2" not in str(raised.value)


def test_none_at_all() -> None:
    nothing = InstallationAssets("okd.home.example", 2, "4.19", "", NOW, False, {})
    with pytest.raises(OutputRefused, match="lacks 'auth/kubeconfig'"):
        way_in(nothing, "home", ())


@given(st.binary(max_size=200))
def test_no_content_crashes(content: bytes) -> None:
    with pytest.raises(OutputRefused):
        way_in(assets(content), "home", ())
