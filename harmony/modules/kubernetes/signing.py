"""Kubelets' certificate requests of one cluster: each is judged, then approved or left and told."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.kubernetes_api import (
    CsrApproval,
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
)
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.csr_rules import Approve, KnownHost, LeavePending, judge
from harmony.modules.kubernetes.plan import ClusterPlan
from harmony.modules.kubernetes.secrets import token_id
from harmony.modules.kubernetes.signing_request import (
    CLIENT_SIGNER,
    TOKEN_USER,
    SigningRequest,
    UnreadableRequest,
    read_signing_request,
)

_API_VERSION = "certificates.k8s.io/v1"
_KIND = "CertificateSigningRequest"


@dataclass(frozen=True, slots=True)
class Requests:
    """A cluster's requests as observed: those nobody has decided on, newest first, and by host the
    names of those by which it was given a client certificate."""

    pending: tuple[SigningRequest | UnreadableRequest, ...]
    given: Mapping[str, tuple[str, ...]]

    @property
    def asking_first(self) -> frozenset[str]:
        """Hosts for which somebody asks who isn't their node yet, for a client certificate."""
        return frozenset(
            request.host
            for request in self.pending
            if isinstance(request, SigningRequest) and request.is_first
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one look at all requests; `left` is for the operator."""

    changes: tuple[Change, ...]
    left: tuple[LeavePending, ...]


async def observe_requests(api: KubernetesApi, cluster: str) -> Requests:
    found = await api.observe_objects(ObjectQuery(_API_VERSION, _KIND, cluster=cluster))
    # A kubelet waits for its newest request only.
    newest_first = sorted(found, key=_age, reverse=True)
    read = [(one.manifest, _read(one)) for one in newest_first]
    given: dict[str, tuple[str, ...]] = {}
    for manifest, request in read:
        if not isinstance(request, SigningRequest) or not _approved(manifest):
            continue
        if request.signer == CLIENT_SIGNER:
            given[request.host] = (*given.get(request.host, ()), request.name)
    pending = tuple(request for manifest, request in read if not _conditions(manifest))
    return Requests(pending, given)


async def sign(
    api: KubernetesApi, cluster: str, requests: Requests, hosts: Mapping[str, KnownHost]
) -> Signed:
    """Judge every pending request, one after the other: of two first ones only one is approved."""
    changes: list[Change] = []
    left: list[LeavePending] = []
    known = dict(hosts)
    for request in requests.pending:
        verdict = judge(request, known)
        match verdict:
            case Approve():
                approval = CsrApproval(verdict.request, verdict.reason, cluster)
                changes.append(await api.ensure_csr_approved(approval))
                known.update(_now_certified(request, known))
            case LeavePending():
                left.append(verdict)
            case _:
                assert_never(verdict)
    return Signed(tuple(changes), tuple(left))


def known_hosts(
    plan: ClusterPlan,
    tokens: Mapping[str, str],
    conditions: Iterable[MachineCondition],
    nodes: Iterable[str],
    requests: Requests,
    lost: frozenset[str] = frozenset(),
) -> dict[str, KnownHost]:
    """The hosts of `plan` as they are now.

    A host has a live certificate if one was given lately (requests are kept for an hour) or if its
    node is there, which only the holder of a certificate can have made; not if it is `lost`.
    """
    states = {condition.host: condition.state for condition in conditions}
    certified = {*requests.given, *nodes} - lost
    return {
        node.name: KnownHost(
            name=node.name,
            asks_first_as=f"{TOKEN_USER}{token_id(tokens[node.name])}",
            state=states.get(node.name),
            has_live_certificate=node.name in certified,
            dns_names=frozenset({node.name}),
            addresses=frozenset({node.address}),
        )
        for node in plan.nodes
    }


async def forget_host(
    api: KubernetesApi, cluster: str, host: str, requests: Requests
) -> list[Change]:
    """Drop what is known of a host whose disk is being written anew: its certificate is gone."""
    gone = [
        ObjectReference("v1", "Node", host, cluster=cluster),
        *(
            ObjectReference(_API_VERSION, _KIND, name, cluster=cluster)
            for name in requests.given.get(host, ())
        ),
    ]
    return [await api.ensure_absent_object(one) for one in gone]


def _now_certified(
    request: SigningRequest | UnreadableRequest, known: Mapping[str, KnownHost]
) -> dict[str, KnownHost]:
    if isinstance(request, UnreadableRequest) or request.signer != CLIENT_SIGNER:
        return {}
    return {request.host: replace(known[request.host], has_live_certificate=True)}


def _read(found: KubernetesObject) -> SigningRequest | UnreadableRequest:
    spec = found.manifest["spec"]
    return read_signing_request(
        found.manifest["metadata"]["name"],
        spec["signerName"],
        spec.get("username", ""),
        frozenset(spec.get("usages") or ()),
        b64decode(spec["request"]),
    )


def _age(found: KubernetesObject) -> tuple[str, str]:
    metadata = found.manifest["metadata"]
    return metadata.get("creationTimestamp") or "", metadata["name"]


def _conditions(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    status: Mapping[str, Any] = manifest.get("status") or {}
    conditions: list[Mapping[str, Any]] = status.get("conditions") or []
    return conditions


def _approved(manifest: Mapping[str, Any]) -> bool:
    return any(condition["type"] == "Approved" for condition in _conditions(manifest))
