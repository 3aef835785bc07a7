"""Command lines that lead from another shell into the clusters of a kept lab."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from harmony.infra.kubeconfig_files import KubeconfigFiles

KUBECTL = "kubernetes/kubectl"
"""The artifact's name."""


def kubectl_lines(
    enter: str, kubectl: str, kubeconfigs: Path, clusters: Iterable[str]
) -> Iterator[str]:
    """For each cluster that has come far enough, the line that asks it for its nodes with `kubectl`,
    through `enter`. The API's name means nothing outside of the machines: its address is told, and
    under which name it is to be trusted."""
    files = KubeconfigFiles(kubeconfigs)
    for path in (files.path(cluster) for cluster in clusters):
        if not path.exists():
            continue
        way = files.find(path.stem)
        name, _, port = way.server.removeprefix("https://").partition(":")
        words = (
            *(kubectl, "--kubeconfig", str(path)),
            *("--server", f"https://{way.addresses[0]}:{port}", "--tls-server-name", name),
            *("get", "nodes"),
        )
        yield f"{enter} {shlex.join(words)}"
