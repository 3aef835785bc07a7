from __future__ import annotations

import pytest

from harmony.modules.okd.extra_manifest import ExtraManifest, check_manifests
from harmony.modules.okd.network_manifest import FILE, network_manifest

pytestmark = pytest.mark.unit

TEXT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"


def words(*manifests: ExtraManifest) -> list[str]:
    return [one.message for one in check_manifests(manifests)]


@pytest.mark.parametrize(
    "one",
    [
        ExtraManifest(path="openshift/99-chrony.yaml", text=TEXT),
        ExtraManifest(path="manifests/a.json", text='{"apiVersion": "v1", "kind": "A"}'),
        ExtraManifest(path=FILE, text=network_manifest(8900)),
    ],
)
def test_good_ones(one: ExtraManifest) -> None:
    assert words(one) == []


@pytest.mark.parametrize(
    "path",
    ["a.yaml", "/manifests/a.yaml", "manifests/../a.yaml", "manifests/b/a.yaml", "manifests/a", ""],
)
def test_a_path_that_the_installer_does_not_read(path: str) -> None:
    assert words(ExtraManifest(path=path, text=TEXT)) == [
        f"{path}: the installer reads no manifest at that path"
    ]


@pytest.mark.parametrize("text", ["", "- a", "kind: A", "text", "apiVersion: v1"])
def test_no_object(text: str) -> None:
    assert words(ExtraManifest(path="manifests/a.yaml", text=text)) == [
        "manifests/a.yaml: it is no object of Kubernetes"
    ]


def test_no_yaml() -> None:
    (found,) = words(ExtraManifest(path="manifests/a.yaml", text="a: [\n"))
    assert found.startswith("manifests/a.yaml: this is not YAML")


def test_two_of_a_path() -> None:
    one = ExtraManifest(path="manifests/a.yaml", text=TEXT)
    assert words(one, one) == ["manifests/a.yaml: two manifests have this path"]
