"""What is stamped into the programs, what is generated for, and the operator's own binaries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.images import kubernetes
from provisioner.images.commands import Commands
from provisioner.images.errors import UnusableBinaries
from tests.provisioner.images.official_binaries import official_binaries

pytestmark = pytest.mark.unit


def _commands(folder: Path) -> Commands:
    return Commands(folder / "log", lambda _line: None, dict(os.environ))


@pytest.mark.parametrize(
    ("debian", "upstream"),
    [
        ("1.20.5+really1.20.2-1.1+deb12u1", "1.20.2"),
        ("1.31.4-2", "1.31.4"),
        ("1:1.31.4+ds-2", "1.31.4+ds"),
    ],
)
def test_upstreams_version(debian: str, upstream: str) -> None:
    assert kubernetes.upstream_version(debian) == upstream


def test_stamps_name_the_vendored_packages() -> None:
    stamps = list(kubernetes.stamps("1.20.2"))
    vendored = "-X k8s.io/kubernetes/vendor/k8s.io/component-base/version."
    assert f"{vendored}gitVersion=v1.20.2" in stamps
    assert f"{vendored}gitMinor=20" in stamps
    assert len(stamps) == 12


def test_vendored_packages_are_renewed_whole(tmp_path: Path) -> None:
    tools, tree = tmp_path / "tools", tmp_path / "tree"
    for package in kubernetes.RENEWED:
        vendored, debian = tree / "vendor" / package, tools / kubernetes.GO_PACKAGES / package
        vendored.mkdir(parents=True)
        (vendored / "old.go").write_text("package old\n")
        debian.mkdir(parents=True)
        (debian / "new.go").write_text("package new\n")
    kubernetes.renew_vendored(tools, tree)
    for package in kubernetes.RENEWED:
        assert [file.name for file in (tree / "vendor" / package).iterdir()] == ["new.go"]


def test_folders_that_ask_for_openapi_definitions(tmp_path: Path) -> None:
    tag = "// +k8s:openapi-gen=true\n\npackage v1\n"
    asking = (
        "pkg/apis/abac/v0",
        "staging/src/k8s.io/api/core/v1",
        "staging/src/k8s.io/code-generator/x",
    )
    for folder in (*asking, "cmd/kubelet", "plugin"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "doc.go").write_text(tag if folder in asking else "package main\n")
    vendored = tmp_path / "vendor" / "k8s.io"
    vendored.mkdir(parents=True)
    for name in ("api", "code-generator"):
        (vendored / name).symlink_to(f"../../staging/src/k8s.io/{name}")
    assert kubernetes.openapi_folders(tmp_path) == ["pkg/apis/abac/v0", "vendor/k8s.io/api/core/v1"]


def test_an_operators_binaries_are_taken_as_they_are(tmp_path: Path) -> None:
    folder, output = official_binaries(tmp_path / "official"), tmp_path / "output"
    output.mkdir()
    product = kubernetes.build_from_folder(folder, _commands(tmp_path), output)
    assert product.versions == {"kubernetes": "v1.23.17"}
    assert product.files == {f"kubernetes/{name}": name for name in kubernetes.PROGRAMS}
    assert all((output / n).read_bytes() == (folder / n).read_bytes() for n in kubernetes.PROGRAMS)


def test_other_binaries_are_another_recipe(tmp_path: Path) -> None:
    first, second = official_binaries(tmp_path / "a"), official_binaries(tmp_path / "b", "v1.22.1")
    assert kubernetes.recipe_of_folder(first) == kubernetes.recipe_of_folder(first)
    assert kubernetes.recipe_of_folder(first) != kubernetes.recipe_of_folder(second)


def test_a_folder_without_all_programs_is_refused(tmp_path: Path) -> None:
    folder = official_binaries(tmp_path / "official")
    (folder / "kubelet").unlink()
    with pytest.raises(UnusableBinaries, match="lacks kubelet"):
        kubernetes.recipe_of_folder(folder)


def test_programs_of_different_versions_are_refused(tmp_path: Path) -> None:
    folder, output = official_binaries(tmp_path / "official"), tmp_path / "output"
    output.mkdir()
    (folder / "kubelet").write_text("#!/bin/sh\necho Kubernetes v1.30.0\n")
    with pytest.raises(UnusableBinaries, match="different versions"):
        kubernetes.build_from_folder(folder, _commands(tmp_path), output)


@pytest.mark.parametrize("version", ["v1.19.16", "v1.24.0", "v1.200.0", "v2.20.0"])
def test_programs_of_a_version_that_no_cluster_can_be_made_of_are_refused(
    version: str, tmp_path: Path
) -> None:
    folder, output = official_binaries(tmp_path / "official", version), tmp_path / "output"
    output.mkdir()
    with pytest.raises(UnusableBinaries, match=f"{version}; a cluster is made of v1.20 to v1.23"):
        kubernetes.build_from_folder(folder, _commands(tmp_path), output)
