"""KubeconfigStore as a folder of kubeconfig files, one a cluster, which kubectl reads too.

The server in them is the DNS name. What it stands for, for a machine whose resolver doesn't know
the name, is beside it in an extension; with kubectl:

    kubectl --kubeconfig FILE --server https://ADDRESS:6443 --tls-server-name NAME get nodes
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typing_extensions import override

from harmony.domain.capability.kubeconfig_store import Kubeconfig, KubeconfigStore
from harmony.domain.outcome import Change
from harmony.infra.errors import KubeconfigUnusableError, UnknownClusterError
from harmony.infra.whole_file import write_whole

_EXTENSION = "harmony-provisioner"
_SUFFIX = ".kubeconfig"


class KubeconfigFiles(KubeconfigStore):
    """`folder` may have files of clusters that are declared no longer; a person may still need them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ensured: set[str] = set()

    @override
    async def ensure_kubeconfig(self, spec: Kubeconfig) -> Change:
        """Raises KubeconfigUnusableError."""
        self._ensured.add(spec.cluster)
        path = self.path(spec.cluster)
        content = kubeconfig_text(spec).encode()
        with _usable(path):
            if path.exists() and path.read_bytes() == content:
                return Change(False, f"kubeconfig of {spec.cluster}")
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, content)
        return Change(True, f"kubeconfig of {spec.cluster} written to {path}")

    def path(self, cluster: str) -> Path:
        """Where the kubeconfig of `cluster` is or will be."""
        return self._folder / f"{cluster}{_SUFFIX}"

    def find(self, cluster: str | None) -> Kubeconfig:
        """The way into `cluster`, or into the only one that was ensured. Raises UnknownClusterError, or
        KubeconfigUnusableError."""
        if cluster is None:
            cluster = self._only()
        path = self.path(cluster)
        if not path.exists():
            raise UnknownClusterError(f"there is no way into a cluster {cluster!r}")
        with _usable(path):
            return kubeconfig_value(cluster, path.read_text())

    def _only(self) -> str:
        if len(self._ensured) != 1:
            known = ", ".join(sorted(self._ensured)) or "none"
            raise UnknownClusterError(f"which cluster is meant? There are: {known}")
        return next(iter(self._ensured))


@contextmanager
def _usable(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise KubeconfigUnusableError(f"{path}: {error.strerror}") from error
    except (LookupError, TypeError, ValueError) as error:
        raise KubeconfigUnusableError(f"{path} is no kubeconfig of this product") from error


def kubeconfig_text(spec: Kubeconfig) -> str:
    """`spec` as a kubeconfig file; JSON, which is YAML too."""
    cluster = {
        "server": spec.server,
        "certificate-authority-data": _encoded(spec.ca_certificate),
        "extensions": [{"name": _EXTENSION, "extension": {"addresses": list(spec.addresses)}}],
    }
    user = {
        "client-certificate-data": _encoded(spec.client_certificate),
        "client-key-data": _encoded(spec.client_key),
    }
    name = spec.cluster
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": "admin", "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "admin"}}],
        "current-context": name,
    }
    return json.dumps(document, indent=1) + "\n"


def kubeconfig_value(name: str, text: str) -> Kubeconfig:
    """What `kubeconfig_text` wrote."""
    document: dict[str, Any] = json.loads(text)
    cluster = document["clusters"][0]["cluster"]
    user = document["users"][0]["user"]
    return Kubeconfig(
        cluster=name,
        server=cluster["server"],
        addresses=tuple(cluster["extensions"][0]["extension"]["addresses"]),
        ca_certificate=_decoded(cluster["certificate-authority-data"]),
        client_certificate=_decoded(user["client-certificate-data"]),
        client_key=_decoded(user["client-key-data"]),
    )


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    return b64decode(text).decode()
