"""A site in memory, with machines that install themselves and kubelets that really ask for
certificates. It notes every change made to it; asking and observing are not noted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, cast

from typing_extensions import override

from harmony.domain.capability.artifact_store import ArtifactQuery, ArtifactStore, Preparing
from harmony.domain.capability.boot_service import (
    ArtifactsSpec,
    ArtifactUrlQuery,
    BootService,
    RamdiskSpec,
    SiteCa,
    SiteCaQuery,
)
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    LastOrder,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.kubeconfig_store import Kubeconfig, KubeconfigStore
from harmony.domain.capability.kubernetes_api import (
    CsrApproval,
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
    PodAnswer,
    PodQuestion,
)
from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.capability.secret_vault import Secret, SecretSpec, Token
from harmony.domain.outcome import Change, Outcome
from harmony.infra.errors import ServiceUnreachableError
from harmony.infra.manifest_compare import holds
from inventory.contribution import Artifact, DnsRecord, Installation
from inventory.machine_state import MachineState
from tests.harmony.generating_vault import GeneratingVault
from tests.harmony.modules.kubernetes.cluster_objects import CSR, node, node_csr, signing_request

_Key = tuple[str, str | None, str]


@dataclass
class RecordingSite(
    ArtifactStore,
    BootService,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    GeneratingVault,
):
    """`preparing` names artifacts that are not finished; `refusals` is how often the API doesn't
    answer although it is up. Each look at the machines takes every installed one a step further.
    As the daemon does, it keeps a host's Ignition (`kept`) until that host's first boot."""

    preparing: set[str] = field(default_factory=set[str])
    writes: list[str] = field(default_factory=list[str])
    powered: set[str] = field(default_factory=set[str])
    secrets: dict[str, Secret] = field(default_factory=dict[str, Secret])
    documents: dict[str, object] = field(default_factory=dict[str, object])
    states: dict[str, MachineState] = field(default_factory=dict[str, MachineState])
    orders: dict[str, LastOrder] = field(default_factory=dict[str, LastOrder])
    kept: dict[str, Installation] = field(default_factory=dict[str, Installation])
    objects: dict[_Key, dict[str, Any]] = field(default_factory=dict[_Key, dict[str, Any]])
    clock: float = 1_700_000_000.0
    api_up: bool = False
    refusals: int = 0
    pod_answers: dict[str, PodAnswer] = field(default_factory=dict[str, PodAnswer])

    def describe(self) -> str:
        return "recording"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    # Power, names, files: each is kept and noted when it differs.

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        if spec.host.name in self.powered:
            return Change(False)
        self.powered.add(spec.host.name)
        return self._wrote(f"power {spec.host.name}")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        return PowerCondition(query.host.name, PowerState.ON)

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        return self._document("dns", spec.records)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        raise NotImplementedError

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        raise NotImplementedError

    @override
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change:
        return self._document("artifacts", spec.artifacts)

    @override
    async def observe_site_ca(self, query: SiteCaQuery) -> SiteCa:
        return SiteCa("-----BEGIN CERTIFICATE-----", "0" * 64)

    @override
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str:
        return f"http://10.7.0.1/artifacts/{query.artifact.sha256}/file"

    @override
    async def ask_artifact(self, query: ArtifactQuery) -> Artifact | Preparing:
        if query.name in self.preparing:
            return Preparing(query.name, 61, 120)
        digest = hashlib.sha256(query.name.encode()).hexdigest()
        return Artifact(query.name, digest, 1, f"/cache/{query.name}")

    @override
    async def ensure_kubeconfig(self, spec: Kubeconfig) -> Change:
        return self._document("kubeconfig", spec)

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        known = self.secrets.get(spec.name)
        if known is not None:
            return known
        digest = hashlib.sha256(spec.name.encode()).hexdigest()
        private = digest[: spec.kind.length] if isinstance(spec.kind, Token) else f"key {digest}\n"
        self.secrets[spec.name] = Secret(spec.name, private, f"public {digest}\n")
        self._wrote(f"secret {spec.name}")
        return Secret(spec.name, private, f"public {digest}\n", created=True)

    # Machines: every look at them takes them a step further.

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        for one in spec.installations:
            if self.states.get(one.host) is not MachineState.READY:
                self.kept[one.host] = one
        return self._document("installations", spec.installations)

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        for host in query.hosts:
            self._further(host)
        return tuple(
            MachineCondition(host, self.states.get(host), order=self.orders.get(host))
            for host in query.hosts
        )

    def _further(self, host: str) -> None:
        state = self.states.get(host)
        if state is None and host in self.powered:
            self.states[host] = MachineState.ASSIGNED
        elif state is MachineState.ASSIGNED and host in self.kept:
            self.install(host)
        elif state is MachineState.INSTALLED:
            self.first_boot(host)
            self._kubelet_asks(host)

    def install(self, host: str) -> None:
        """What was contributed last is written to its disk, by a new order."""
        wish = self.kept[host]
        digest = hashlib.sha256(wish.ignition.encode()).hexdigest()
        self.clock += 100
        self.orders[host] = LastOrder(self.clock, wish.image.sha256, digest)
        self.states[host] = MachineState.INSTALLED

    def first_boot(self, host: str) -> None:
        self.states[host] = MachineState.READY
        self.api_up = True
        self.kept.pop(host, None)

    def reinstall(self, host: str) -> None:
        """By an operator's word; its node is not Ready any more, and stays."""
        self.states[host] = MachineState.ASSIGNED
        if ("Node", None, host) in self.objects:
            self.objects["Node", None, host]["status"] = node(host, ready=False)["status"]

    def installed(self) -> tuple[Installation, ...]:
        return cast(tuple[Installation, ...], self.documents.get("installations", ()))

    def ignition(self, host: str) -> dict[str, Any]:
        text = next(one.ignition for one in self.installed() if one.host == host)
        config: dict[str, Any] = json.loads(text)
        return config

    def token(self, host: str) -> str:
        private = self.secrets[f"kubernetes-cluster/home/bootstrap-token/{host}"].private
        return f"{private[:6]}.{private[6:]}"

    def _kubelet_asks(self, host: str) -> None:
        requester = f"system:bootstrap:{self.token(host).partition('.')[0]}"
        usages = ["digital signature", "key encipherment", "client auth"]
        signer = "kubernetes.io/kube-apiserver-client-kubelet"
        self.put(signing_request(f"csr-{host}", signer, requester, usages, node_csr(host)))

    # The cluster.

    @override
    async def ensure_object(self, spec: KubernetesObject) -> Change:
        self._up()
        key = _key(spec.reference)
        live = self.objects.get(key)
        if live is not None and holds(live, spec.manifest):
            return Change(False)
        self.put(_merged(live or {}, dict(spec.manifest)))
        return self._wrote(f"object {key[0]} {key[2]}")

    @override
    async def ensure_absent_object(self, spec: ObjectReference) -> Change:
        self._up()
        if self.objects.pop(_key(spec), None) is None:
            return Change(False)
        return self._wrote(f"no {spec.kind} {spec.name}")

    @override
    async def observe_objects(self, query: ObjectQuery) -> tuple[KubernetesObject, ...]:
        self._up()
        return tuple(
            KubernetesObject(manifest)
            for (kind, namespace, name), manifest in self.objects.items()
            if kind == query.kind
            and query.name in (None, name)
            and query.namespace in (None, namespace)
            and holds(manifest["metadata"].get("labels", {}), dict(query.labels))
        )

    @override
    async def ask_pod(self, question: PodQuestion) -> PodAnswer:
        return self.pod_answers[question.pod]

    @override
    async def ensure_csr_approved(self, spec: CsrApproval) -> Change:
        request = self.objects[(CSR, None, spec.name)]
        request["status"] = {"conditions": [{"type": "Approved", "status": "True"}]}
        if spec.name.startswith("csr-"):
            self.put(node(spec.name.removeprefix("csr-")))
        return self._wrote(f"approved {spec.name}")

    def put(self, manifest: dict[str, Any]) -> None:
        """An object that comes from elsewhere: not noted."""
        metadata = manifest["metadata"]
        self.objects[(manifest["kind"], metadata.get("namespace"), metadata["name"])] = manifest

    def names(self, kind: str) -> list[str]:
        return sorted(name for found, _, name in self.objects if found == kind)

    def _up(self) -> None:
        if not self.api_up or self.refusals > 0:
            self.refusals -= 1
            raise ServiceUnreachableError("the API of home: connection refused")

    def _document(self, name: str, wanted: object) -> Change:
        if self.documents.get(name) == wanted:
            return Change(False)
        self.documents[name] = wanted
        return self._wrote(name)

    def _wrote(self, what: str) -> Change:
        self.writes.append(what)
        return Change(True, what)


def _key(reference: ObjectReference) -> _Key:
    return (reference.kind, reference.namespace, reference.name)


def _merged(live: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    merged = dict(live)
    for key, value in wanted.items():
        before: Any = merged.get(key)
        merged[key] = _merged(before, value) if _both_objects(before, value) else value
    return merged


def _both_objects(one: object, other: object) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)
