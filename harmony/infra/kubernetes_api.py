"""KubernetesApi with lightkube: one client a cluster, objects by server-side apply."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
from lightkube import AsyncClient
from lightkube.config.kubeconfig import KubeConfig
from lightkube.config.models import Cluster, User
from lightkube.core.exceptions import ApiError, LoadResourceError
from lightkube.core.resource import NamespacedResource
from lightkube.core.resource_registry import resource_registry
from lightkube.resources.certificates_v1 import CertificateSigningRequest
from lightkube.types import PatchType
from typing_extensions import override

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.domain.capability.kubernetes_api import (
    CsrApproval,
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
    PodAnswer,
    PodQuestion,
)
from harmony.domain.outcome import Change
from harmony.infra.cluster_transport import cluster_transport
from harmony.infra.custom_kinds import custom_kind
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_errors import in_our_words, is_not_found, judging_the_object
from harmony.infra.manifest_compare import holds

FIELD_MANAGER = "harmony-provisioner"
_SECONDS = 30.0
_ALL_NAMESPACES = "*"


@dataclass(frozen=True, slots=True)
class _Client:
    """A client and the way it was made for: it is thrown away when the kubeconfig changes."""

    way: Kubeconfig
    objects: AsyncClient
    raw: httpx2.AsyncClient


class KubernetesClient(KubernetesApi):
    """Reaches the clusters that `kubeconfigs` knows a way into."""

    def __init__(self, kubeconfigs: KubeconfigFiles) -> None:
        self._kubeconfigs = kubeconfigs
        self._clients: dict[str, _Client] = {}

    @override
    async def ensure_object(self, spec: KubernetesObject) -> Change:
        """Reads first: an object that has all that is wanted is not written to.

        Raises ObjectRefusedError for one that the API server will never take.
        """
        named = spec.reference
        words = f"{named.kind} {named.name}"
        live = await self._get(named)
        if live is not None and holds(live, spec.manifest):
            return Change(False, words)
        with judging_the_object(), in_our_words(f"applying {words}"):
            applied: Any = await self._objects(spec.cluster).patch(
                await self._kind(named),
                named.name,
                dict(spec.manifest),
                namespace=named.namespace,
                patch_type=PatchType.APPLY,
                field_manager=FIELD_MANAGER,
                force=True,
            )
        before = None if live is None else live["metadata"]["resourceVersion"]
        return Change(applied.metadata.resourceVersion != before, f"{words} applied")

    @override
    async def ensure_absent_object(self, spec: ObjectReference) -> Change:
        words = f"{spec.kind} {spec.name}"
        kind = await self._kind(spec)
        with in_our_words(f"deleting {words}"):
            try:
                await self._objects(spec.cluster).delete(kind, spec.name, namespace=spec.namespace)
            except ApiError as error:
                if is_not_found(error):
                    return Change(False, words)
                raise
        return Change(True, f"{words} deleted")

    @override
    async def observe_objects(self, query: ObjectQuery) -> tuple[KubernetesObject, ...]:
        if query.name is not None:
            named = ObjectReference(
                query.api_version, query.kind, query.name, query.namespace, query.cluster
            )
            found = await self._get(named)
            return () if found is None else (KubernetesObject(found, query.cluster),)
        kind = await self._kind(query)
        namespace = _ALL_NAMESPACES if query.namespace is None and _namespaced(kind) else None
        with in_our_words(f"listing {query.kind}s"):
            listed = self._objects(query.cluster).list(
                kind, namespace=namespace or query.namespace, labels=dict(query.labels) or None
            )
            return tuple(
                [
                    KubernetesObject(_manifest(one, query.api_version, query.kind), query.cluster)
                    async for one in listed
                ]
            )

    @override
    async def ask_pod(self, question: PodQuestion) -> PodAnswer:
        """What the API server says when it can't reach the pod is an answer too: 503."""
        pod = quote(f"{question.pod}:{question.port}", safe=":")
        namespace = quote(question.namespace, safe="")
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/proxy/{question.path.lstrip('/')}"
        with in_our_words(f"asking pod {question.pod}"):
            answer = await self._client(question.cluster).raw.get(path)
        return PodAnswer(answer.status_code, answer.content)

    @override
    async def ensure_csr_approved(self, spec: CsrApproval) -> Change:
        named = ObjectReference(
            "certificates.k8s.io/v1", "CertificateSigningRequest", spec.name, cluster=spec.cluster
        )
        live = await self._get(named)
        if live is None:
            return Change(False, f"signing request {spec.name} is gone")
        conditions = live.get("status", {}).get("conditions", [])
        if any(condition["type"] == "Approved" for condition in conditions):
            return Change(False, f"signing request {spec.name}")
        approved = {
            "type": "Approved",
            "status": "True",
            "reason": "ApprovedByHarmony",
            "message": spec.reason,
        }
        with in_our_words(f"approving {spec.name}"):
            await self._objects(spec.cluster).patch(
                CertificateSigningRequest.Approval,
                spec.name,
                {"status": {"conditions": [*conditions, approved]}},
                patch_type=PatchType.MERGE,
            )
        return Change(True, f"signing request {spec.name} approved: {spec.reason}")

    async def aclose(self) -> None:
        """Close all connections."""
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await _close(client)

    async def _get(self, named: ObjectReference) -> dict[str, Any] | None:
        with in_our_words(f"reading {named.kind} {named.name}"):
            try:
                found: Any = await self._objects(named.cluster).get(
                    await self._kind(named), named.name, namespace=named.namespace
                )
            except ApiError as error:
                if is_not_found(error):
                    return None
                raise
        return _manifest(found, named.api_version, named.kind)

    async def _kind(self, of: ObjectReference | ObjectQuery) -> Any:
        """lightkube's class for a kind of object. Raises KindNotServedError."""
        with in_our_words(f"looking up {of.api_version} {of.kind}"):
            registry: Any = resource_registry
            try:
                return registry.load(of.api_version, of.kind)
            except LoadResourceError:
                api = self._client(of.cluster).raw
                return await custom_kind(api, of.api_version, of.kind)

    def _objects(self, cluster: str | None) -> Any:
        """lightkube's client; its own types are only partly known to type checkers."""
        return self._client(cluster).objects

    def _client(self, cluster: str | None) -> _Client:
        way = self._kubeconfigs.find(cluster)
        known = self._clients.get(way.cluster)
        if known is not None and known.way == way:
            return known
        self._clients[way.cluster] = _new_client(way)
        return self._clients[way.cluster]


def _new_client(way: Kubeconfig) -> _Client:
    transport = cluster_transport(way)
    timeout = httpx2.Timeout(_SECONDS)
    objects = AsyncClient(
        # The transport holds the certificates; lightkube insists on a user all the same.
        config=KubeConfig.from_one(cluster=Cluster(server=way.server), user=User()),
        timeout=timeout,
        transport=transport,
        trust_env=False,
        field_manager=FIELD_MANAGER,
    )
    raw = httpx2.AsyncClient(
        base_url=way.server, transport=transport, timeout=timeout, trust_env=False
    )
    return _Client(way, objects, raw)


async def _close(client: _Client) -> None:
    with suppress(httpx2.HTTPError):
        await client.objects.close()


def _namespaced(kind: Any) -> bool:
    return issubclass(kind, NamespacedResource)


def _manifest(found: Any, api_version: str, kind: str) -> dict[str, Any]:
    manifest: dict[str, Any] = found.to_dict()
    return {**manifest, "apiVersion": api_version, "kind": kind}
