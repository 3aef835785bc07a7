"""What the operators of an OKD cluster say in it, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harmony.modules.okd.health import EVERY, ReportingKind


def report(of: ReportingKind, name: str, **otherwise: str) -> dict[str, Any]:
    """One that is well, but for the conditions that are said to be `otherwise`."""
    told = {**of.healthy, **otherwise}
    listed = [{"type": kind, "status": status} for kind, status in told.items()]
    return object_of(of.api_version, of.kind, name, {"conditions": listed})


def object_of(version: str, kind: str, name: str, status: Mapping[str, object]) -> dict[str, Any]:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": name},
        "status": dict(status),
    }


def healthy_cluster() -> list[dict[str, Any]]:
    """An object of each kind, all of them well."""
    return [report(of, f"{of.kind.lower()}-a") for of in EVERY]


def bootstrap_status(status: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "bootstrap", "namespace": "kube-system"},
        "data": {"status": status},
    }


def etcd_operator(removed: str) -> dict[str, Any]:
    listed = [{"type": "EtcdBootstrapMemberRemoved", "status": removed}]
    return object_of("operator.openshift.io/v1", "Etcd", "cluster", {"conditions": listed})
