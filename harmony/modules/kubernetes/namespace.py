"""Namespace: a room of its own inside a cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import pydantic
from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesObject
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Score
from harmony.modules.kubernetes.field_check import check_name
from harmony.modules.kubernetes.topology import KubernetesTopology
from inventory.diagnostic import Diagnostic
from inventory.site import Site


@pydantic.dataclasses.dataclass(frozen=True)
class Namespace(Score[KubernetesTopology]):
    """The namespace `name` exists. `cluster` names one where the site has several."""

    name: str
    cluster: str | None = None

    @override
    def key(self) -> str:
        return f"namespace/{self.cluster}/{self.name}" if self.cluster else f"namespace/{self.name}"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.cluster

    @override
    def through(self, capability: type, provider: str) -> Self:
        return replace(self, cluster=provider)

    @override
    def interpret(self) -> Interpret[KubernetesTopology]:
        return NamespaceInterpret(self.name, self.cluster)

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return tuple(check_name(self, "name", self.name))


@dataclass(frozen=True, slots=True)
class NamespaceInterpret(Interpret[KubernetesTopology]):
    name: str
    cluster: str | None = None

    @override
    async def execute(self, topology: KubernetesTopology) -> Outcome:
        change = await topology.ensure_object(namespace_object(self.name, self.cluster))
        return Outcome.done(f"namespace {self.name} is there", (change,))


def namespace_object(name: str, cluster: str | None) -> KubernetesObject:
    """The manifest; those who need the namespace ensure it themselves."""
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    return KubernetesObject(manifest, cluster)
