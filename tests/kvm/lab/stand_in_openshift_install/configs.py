"""Install-configs as the installer reads them."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import JsonValue

PULL_SECRET = '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}'
SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2tOStHiqL6I1bLsQRUwWvTqyZ2Gg0g3lc4Yq5qGjXQ core"


def document(control_planes: int = 3, disk: str = "") -> dict[str, JsonValue]:
    in_place: dict[str, JsonValue] = {"bootstrapInPlace": {"installationDisk": disk}}
    return {
        "apiVersion": "v1",
        "baseDomain": "home.example",
        "metadata": {"name": "okd"},
        "controlPlane": {"name": "master", "replicas": control_planes},
        "platform": {"none": {}},
        "pullSecret": PULL_SECRET,
        "sshKey": SSH_KEY,
        **(in_place if disk else {}),
    }


def text(control_planes: int = 3, disk: str = "") -> str:
    return yaml.safe_dump(document(control_planes, disk))


def directory(folder: Path, control_planes: int = 3, disk: str = "") -> Path:
    """`folder` with an install-config in it."""
    folder.mkdir(exist_ok=True)
    (folder / "install-config.yaml").write_text(text(control_planes, disk))
    return folder
