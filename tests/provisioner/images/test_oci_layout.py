"""The layout is what the OCI image specification says, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from typing import Any

import pytest

from provisioner.images.oci_layout import ContainerImage, LayerFile, layer_of, layout_of

pytestmark = pytest.mark.unit

LAYER = layer_of(
    [LayerFile("bin/busybox", b"\x7fELF"), LayerFile("pause", b"#!/bin/sh\n")],
    {"bin/sh": "busybox"},
)
PAUSE = ContainerImage("docker.io/harmony/pause:1", ("/pause",))
SERVER = ContainerImage("docker.io/harmony/http-server:1", ("/serve",), ("PORT=8080",))


def _files(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = {entry.name: tar.extractfile(entry) for entry in tar.getmembers()}
        return {name: file.read() for name, file in found.items() if file is not None}


def _blob(files: dict[str, bytes], descriptor: dict[str, Any]) -> bytes:
    algorithm, digest = descriptor["digest"].split(":")
    blob = files[f"blobs/{algorithm}/{digest}"]
    assert hashlib.new(algorithm, blob).hexdigest() == digest
    assert len(blob) == descriptor["size"]
    return blob


def test_a_layer_holds_folders_before_what_is_in_them_and_nothing_of_the_build_host() -> None:
    with tarfile.open(fileobj=io.BytesIO(LAYER)) as tar:
        entries = [(e.name, e.type, e.mode, e.uid, e.mtime, e.linkname) for e in tar.getmembers()]
    assert entries == [
        ("bin", tarfile.DIRTYPE, 0o755, 0, 0, ""),
        ("bin/busybox", tarfile.REGTYPE, 0o755, 0, 0, ""),
        ("pause", tarfile.REGTYPE, 0o755, 0, 0, ""),
        ("bin/sh", tarfile.SYMTYPE, 0o777, 0, 0, "busybox"),
    ]


def test_every_image_is_found_from_the_index_by_digest() -> None:
    files = _files(layout_of(LAYER, [PAUSE, SERVER]))
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads(files["index.json"])
    names = [manifest["annotations"]["io.containerd.image.name"] for manifest in index["manifests"]]
    assert names == [PAUSE.name, SERVER.name]
    for descriptor, image in zip(index["manifests"], (PAUSE, SERVER), strict=True):
        manifest = json.loads(_blob(files, descriptor))
        config = json.loads(_blob(files, manifest["config"]))
        assert [_blob(files, layer) for layer in manifest["layers"]] == [LAYER]
        assert config["rootfs"]["diff_ids"] == [manifest["layers"][0]["digest"]]
        assert config["config"]["Entrypoint"] == list(image.entrypoint)
        assert config["config"]["Env"] == ["PATH=/bin", *image.environment]


def test_the_layout_is_the_same_bytes_every_time() -> None:
    assert layout_of(LAYER, [PAUSE, SERVER]) == layout_of(LAYER, [PAUSE, SERVER])
    assert layout_of(LAYER, [PAUSE]) != layout_of(LAYER, [SERVER])
