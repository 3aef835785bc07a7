"""The way into a cluster that the installer made: its administrator's kubeconfig, out of the assets."""

from __future__ import annotations

import base64

from pydantic import JsonValue

from harmony.domain.capability.cluster_installer import InstallationAssets
from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.modules.okd.installer_output import OutputRefused
from harmony.modules.okd.yaml_text import NotYaml, read_yaml

FILE = "auth/kubeconfig"


def way_in(assets: InstallationAssets, cluster: str, addresses: tuple[str, ...]) -> Kubeconfig:
    """By the name `cluster`; `addresses` are what the API's name stands for. Raises OutputRefused."""
    where = f"{FILE} of generation {assets.generation} of {assets.cluster}"
    try:
        document = read_yaml(assets.files[FILE].decode())
        server, proof = _only(document, "cluster"), _only(document, "user")
        return Kubeconfig(
            cluster=cluster,
            server=_text(server, "server"),
            addresses=addresses,
            ca_certificate=_pem(server, "certificate-authority-data"),
            client_certificate=_pem(proof, "client-certificate-data"),
            client_key=_pem(proof, "client-key-data"),
        )
    except KeyError as missing:
        raise OutputRefused(f"{where} lacks {missing}") from None
    except (NotYaml, ValueError):
        raise OutputRefused(f"{where} is no kubeconfig with one cluster and one user") from None


def _only(document: JsonValue, kind: str) -> dict[str, JsonValue]:
    """The one cluster, or user, of a kubeconfig."""
    entries = document[f"{kind}s"] if isinstance(document, dict) else None
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0], dict):
        raise ValueError
    found = entries[0][kind]
    if not isinstance(found, dict):
        raise ValueError
    return found


def _text(section: dict[str, JsonValue], key: str) -> str:
    value = section[key]
    if not isinstance(value, str):
        raise ValueError
    return value


def _pem(section: dict[str, JsonValue], key: str) -> str:
    text = base64.b64decode(_text(section, key), validate=True).decode()
    if not text.startswith("-----BEGIN "):
        raise ValueError
    return text
