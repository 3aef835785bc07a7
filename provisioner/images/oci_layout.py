"""Container images as an OCI image layout in one tar (image-spec 1.0), without a registry or a runtime. Pure.

All images share one layer. `ctr --namespace k8s.io images import` takes the names from the index's
annotations; Kubernetes looks them up in their full form (`docker.io/NAME:TAG`).
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LAYER = "application/vnd.oci.image.layer.v1.tar"
CONFIG = "application/vnd.oci.image.config.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True, slots=True)
class ContainerImage:
    """`name` in full; `entrypoint` and `environment` as a container of it gets them."""

    name: str
    entrypoint: Sequence[str]
    environment: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A file of the layer, executable by everyone."""

    path: str
    content: bytes


def layer_of(files: Sequence[LayerFile], links: Mapping[str, str]) -> bytes:
    """The layer's tar: folders, `files` and symbolic `links` (path to target), root's, without times."""
    stream = io.BytesIO()
    paths = [file.path for file in files] + list(links)
    folders = sorted({parent for path in paths for parent in _parents(path)})
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for folder in folders:
            tar.addfile(_entry(folder, tarfile.DIRTYPE, 0o755))
        for file in files:
            entry = _entry(file.path, tarfile.REGTYPE, 0o755)
            entry.size = len(file.content)
            tar.addfile(entry, io.BytesIO(file.content))
        for path, target in sorted(links.items()):
            entry = _entry(path, tarfile.SYMTYPE, 0o777)
            entry.linkname = target
            tar.addfile(entry)
    return stream.getvalue()


def layout_of(layer: bytes, images: Sequence[ContainerImage]) -> bytes:
    """The whole layout as a tar: the same bytes for the same images."""
    blobs = {_digest(layer): layer}
    manifests: list[dict[str, object]] = []
    for image in images:
        config = _json(_config(image, _digest(layer)))
        manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": _descriptor(CONFIG, config),
                "layers": [_descriptor(LAYER, layer)],
            }
        )
        blobs |= {_digest(config): config, _digest(manifest): manifest}
        names = {"io.containerd.image.name": image.name}
        tag = {"org.opencontainers.image.ref.name": image.name.rpartition(":")[2]}
        manifests.append({**_descriptor(MANIFEST, manifest), "annotations": names | tag})
    index = _json({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests})
    files = {f"blobs/sha256/{digest}": blob for digest, blob in sorted(blobs.items())}
    return _archive(
        {**files, "index.json": index, "oci-layout": _json({"imageLayoutVersion": "1.0.0"})}
    )


def _config(image: ContainerImage, layer_digest: str) -> Mapping[str, object]:
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Entrypoint": list(image.entrypoint),
            "Env": ["PATH=/bin", *image.environment],
            "WorkingDir": "/",
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer_digest}"]},
    }


def _descriptor(media_type: str, blob: bytes) -> dict[str, object]:
    return {"mediaType": media_type, "digest": f"sha256:{_digest(blob)}", "size": len(blob)}


def _archive(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            entry = _entry(path, tarfile.REGTYPE, 0o644)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _entry(path: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.type = kind
    entry.mode = mode
    return entry


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
