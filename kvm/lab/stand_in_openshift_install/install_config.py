"""What the stand-in reads of install-config.yaml; the product judges it whole, long before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

FILE = "install-config.yaml"


class RefusedInstallConfig(Exception):
    """In words as the installer has them."""


@dataclass(frozen=True, slots=True)
class InstallConfig:
    """`disk` is where a single machine installs itself; empty if it doesn't."""

    cluster: str
    base_domain: str
    control_planes: int
    pull_secret: str = field(repr=False)
    ssh_key: str
    disk: str

    @property
    def domain(self) -> str:
        return f"{self.cluster}.{self.base_domain}"


def read(text: str) -> InstallConfig:
    """Raises RefusedInstallConfig."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        raise RefusedInstallConfig(f"failed to unmarshal {FILE}") from None
    found: dict[str, Any] = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
    refused = [
        f"{name}: {words}"
        for name, words, is_so in (
            ("apiVersion", 'Invalid value: must be "v1"', found.get("apiVersion") == "v1"),
            ("baseDomain", "Required value", _is_text(found.get("baseDomain"))),
            ("metadata.name", "Required value", _is_text(_in(found, "metadata", "name"))),
            ("platform", "must be none", _in(found, "platform", "none") is not None),
            ("pullSecret", "Invalid value: invalid auths", _has_auths(found.get("pullSecret"))),
        )
        if not is_so
    ]
    if refused:
        raise RefusedInstallConfig(f'invalid "{FILE}" file: [{", ".join(refused)}]')
    return InstallConfig(
        cluster=found["metadata"]["name"],
        base_domain=found["baseDomain"],
        control_planes=_in(found, "controlPlane", "replicas") or 3,
        pull_secret=found["pullSecret"],
        ssh_key=found.get("sshKey") or "",
        disk=_in(found, "bootstrapInPlace", "installationDisk") or "",
    )


def _in(document: dict[str, Any], section: str, key: str) -> Any:
    inner = document.get(section)
    return cast("dict[str, Any]", inner).get(key) if isinstance(inner, dict) else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _has_auths(value: object) -> bool:
    try:
        return bool(json.loads(value)["auths"]) if isinstance(value, str) else False
    except (ValueError, LookupError, TypeError):
        return False
