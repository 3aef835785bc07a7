"""The kinds that the operators report in, as CustomResourceDefinitions whose objects may have anything in
them, and their places in the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@dataclass(frozen=True, slots=True)
class Kind:
    """Cluster-scoped and of version v1, as all of these are."""

    group: str
    name: str
    plural: str

    @property
    def api_version(self) -> str:
        return f"{self.group}/v1"

    @property
    def place(self) -> str:
        """Of its objects."""
        return f"/apis/{self.api_version}/{self.plural}"

    @property
    def definition_name(self) -> str:
        return f"{self.plural}.{self.group}"

    def definition(self) -> dict[str, Any]:
        """With a status subresource, as the real ones have."""
        names = {"kind": self.name, "listKind": f"{self.name}List"}
        names |= {"plural": self.plural, "singular": self.name.lower()}
        version: dict[str, Any] = {
            "name": "v1",
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": _ANYTHING},
            "subresources": {"status": {}},
        }
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": self.definition_name},
            "spec": {
                "group": self.group,
                "names": names,
                "scope": "Cluster",
                "versions": [version],
            },
        }

    def object(self, name: str) -> dict[str, Any]:
        """One that says nothing yet."""
        return {
            "apiVersion": self.api_version,
            "kind": self.name,
            "metadata": {"name": name},
            "spec": {},
        }


VERSION = Kind("config.openshift.io", "ClusterVersion", "clusterversions")
OPERATOR = Kind("config.openshift.io", "ClusterOperator", "clusteroperators")
POOL = Kind("machineconfiguration.openshift.io", "MachineConfigPool", "machineconfigpools")
ETCD = Kind("operator.openshift.io", "Etcd", "etcds")
EVERY = (VERSION, OPERATOR, POOL, ETCD)
