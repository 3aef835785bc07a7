"""Objects of a Kubernetes cluster. `cluster` names one; None is the only one that the site has."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from harmony.domain.outcome import Change


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """`api_version` such as `apps/v1`; `namespace` is None for what has none."""

    api_version: str
    kind: str
    name: str
    namespace: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class KubernetesObject:
    """A manifest as JSON has it: `apiVersion`, `kind`, `metadata` … What it doesn't say stays."""

    manifest: Mapping[str, Any]
    cluster: str | None = None

    @property
    def reference(self) -> ObjectReference:
        metadata = self.manifest["metadata"]
        return ObjectReference(
            self.manifest["apiVersion"],
            self.manifest["kind"],
            metadata["name"],
            metadata.get("namespace"),
            self.cluster,
        )


@dataclass(frozen=True, slots=True)
class ObjectQuery:
    """Objects of a kind: in one namespace or all, with these labels, by name or all."""

    api_version: str
    kind: str
    namespace: str | None = None
    name: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class PodQuestion:
    """An HTTP GET that the API server passes on to a pod (its pod proxy)."""

    namespace: str
    pod: str
    port: int
    path: str = "/"
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class PodAnswer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class CsrApproval:
    """The CertificateSigningRequest by `name`, and for the record why it may be signed."""

    name: str
    reason: str
    cluster: str | None = None


@runtime_checkable
class KubernetesApi(Protocol):
    @abstractmethod
    async def ensure_object(self, spec: KubernetesObject) -> Change: ...

    @abstractmethod
    async def ensure_absent_object(self, spec: ObjectReference) -> Change: ...

    @abstractmethod
    async def observe_objects(self, query: ObjectQuery) -> tuple[KubernetesObject, ...]: ...

    @abstractmethod
    async def ask_pod(self, question: PodQuestion) -> PodAnswer: ...

    @abstractmethod
    async def ensure_csr_approved(self, spec: CsrApproval) -> Change: ...
