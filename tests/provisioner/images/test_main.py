"""The builders' command line: finished builds are listed, unusable arguments are one error line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioner.images import container_images
from provisioner.images.__main__ import main
from provisioner.images.builders import builder
from provisioner.images.built import Product
from provisioner.images.cache import Cache
from tests.provisioner.images.official_binaries import official_binaries

pytestmark = pytest.mark.unit


def finished(cache: Cache) -> None:
    """A build of the container images that is already there."""

    def build(_work: Path, output: Path) -> Product:
        (output / "container-images.tar").write_bytes(b"layers")
        return Product({"container-images": "container-images.tar"}, {"busybox": "1.35"})

    cache.build(container_images.recipe(), build, waiting=lambda _line: None)


def said(captured: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.splitlines()]


@pytest.mark.parametrize("verb", [["list"], ["build", "container-images"]])
def test_what_is_finished_is_told_at_once(
    verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished(Cache(tmp_path))
    assert main([*verb, "--cache", str(tmp_path)]) == 0
    (line,) = said(capsys.readouterr().out)
    assert (line["name"], line["versions"]) == ("container-images", {"busybox": "1.35"})


def test_a_folder_without_binaries_is_one_error_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "binaries"
    empty.mkdir()
    arguments = ["build", "kubernetes", "--kubernetes-binaries", str(empty)]
    assert main([*arguments, "--cache", str(tmp_path / "cache")]) == 1
    (line,) = said(capsys.readouterr().out)
    assert line["name"] == "kubernetes"
    assert str(empty) in str(line["error"])


def test_what_came_out_of_a_folder_of_binaries_stands_for_that_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = Cache(tmp_path / "cache")
    folder = official_binaries(tmp_path / "official")
    finished = cache.folder_of(builder("kubernetes", folder).recipe)
    for binaries in (folder, finished):
        arguments = ["build", "kubernetes", "--kubernetes-binaries", str(binaries)]
        assert main([*arguments, "--cache", str(cache.root)]) == 0
        line = said(capsys.readouterr().out)[-1]
        assert line["versions"] == {"kubernetes": "v1.23.17"}
    assert list(finished.parent.iterdir()) == [finished]


def test_an_unknown_build_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["build", "windows", "--cache", str(tmp_path)])
    assert ended.value.code == 2
