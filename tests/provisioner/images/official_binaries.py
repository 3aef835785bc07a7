"""A folder as an operator gives it: programs that say which version of Kubernetes they are."""

from __future__ import annotations

from pathlib import Path

from provisioner.images import kubernetes


def official_binaries(folder: Path, version: str = "v1.23.17") -> Path:
    """Make `folder`, and return it."""
    folder.mkdir()
    for name in kubernetes.PROGRAMS:
        said = (
            f"kube-proxy has no prefix {version}"
            if name == "kube-proxy"
            else f"Kubernetes {version}"
        )
        (folder / name).write_text(f"#!/bin/sh\necho {said}\n")
        (folder / name).chmod(0o755)
    return folder
