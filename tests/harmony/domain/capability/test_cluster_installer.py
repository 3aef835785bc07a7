from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    InstallationAssetsSpec,
    InstallerManifest,
)
from inventory.contribution import Artifact

pytestmark = pytest.mark.unit

PROGRAM = Artifact("openshift-install", "00" * 32, 1, "/srv/openshift-install")
ONE, OTHER = InstallerManifest("manifests/a.yaml", "a"), InstallerManifest("openshift/b.yaml", "b")
SPEC = InstallationAssetsSpec(
    "okd.home.example", 1, "4.19", PROGRAM, "hunter2", (ONE, OTHER), secrets=("hunter2",)
)


@pytest.mark.parametrize(
    "spec",
    [
        replace(SPEC, version="4.20"),
        replace(SPEC, program=replace(PROGRAM, sha256="11" * 32)),
        replace(SPEC, configuration="other"),
        replace(SPEC, manifests=(ONE,)),
        replace(SPEC, manifests=(ONE, replace(OTHER, path="manifests/b.yaml"))),
        replace(SPEC, in_place=True),
    ],
)
def test_what_decides_what_is_made(spec: InstallationAssetsSpec) -> None:
    assert spec.inputs_sha256 != SPEC.inputs_sha256


@pytest.mark.parametrize(
    "spec",
    [
        replace(SPEC, generation=2),
        replace(SPEC, manifests=(OTHER, ONE)),
        replace(SPEC, program=replace(PROGRAM, path="/elsewhere")),
        replace(SPEC, secrets=()),
    ],
)
def test_what_does_not(spec: InstallationAssetsSpec) -> None:
    assert spec.inputs_sha256 == SPEC.inputs_sha256


def test_nothing_secret_is_shown() -> None:
    time = datetime(2026, 3, 1, tzinfo=UTC)
    files = {"auth/kubeadmin-password": b"hunter2"}
    assets = InstallationAssets("okd.home.example", 1, "4.19", "00", time, False, files)
    assert "hunter2" not in repr(SPEC) + repr(assets)
