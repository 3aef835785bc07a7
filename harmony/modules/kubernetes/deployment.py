"""Deployment: a program kept running in a cluster, asked over HTTP whether it really answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import pydantic
from typing_extensions import override

from harmony.domain.capability.kubernetes_api import (
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    PodQuestion,
)
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Many, Score
from harmony.modules.kubernetes.field_check import (
    HIGHEST_PORT,
    MOST_REPLICAS,
    check_name,
    check_number,
)
from harmony.modules.kubernetes.namespace import namespace_object
from harmony.modules.kubernetes.pods import living, pod_troubles, workload_troubles
from harmony.modules.kubernetes.topology import KubernetesTopology
from inventory.diagnostic import Diagnostic
from inventory.site import Site

OK = 200
_LONGEST_ANSWER = 300


@pydantic.dataclasses.dataclass(frozen=True)
class Deployment(Score[KubernetesTopology]):
    """`replicas` pods of `image` with `arguments`, each answering HTTP on `port` at `path` with
    200, and with `answer` as its body (white space around it aside) where that is given."""

    name: str
    namespace: str
    image: str
    arguments: Many[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    replicas: int = 1
    port: int = 8080
    path: str = "/"
    answer: str | None = None
    cluster: str | None = None

    @override
    def key(self) -> str:
        of_cluster = f"{self.cluster}/" if self.cluster else ""
        return f"deployment/{of_cluster}{self.namespace}/{self.name}"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.cluster

    @override
    def through(self, capability: type, provider: str) -> Self:
        return replace(self, cluster=provider)

    @override
    def interpret(self) -> Interpret[KubernetesTopology]:
        return DeploymentInterpret(self)

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return (
            *check_name(self, "name", self.name),
            *check_name(self, "namespace", self.namespace),
            *check_number(self, "replicas", self.replicas, 0, MOST_REPLICAS),
            *check_number(self, "port", self.port, 1, HIGHEST_PORT),
        )

    def smoke_test(self) -> Interpret[KubernetesTopology]:
        return DeploymentSmokeTest(self)

    def manifest(self) -> Mapping[str, Any]:
        """The object as it is applied (apps/v1). What is empty is said too: it takes away what was there."""
        labels = {"app": self.name}
        container = {
            "name": self.name,
            "image": self.image,
            "imagePullPolicy": "IfNotPresent",
            "args": list(self.arguments),
            "env": [{"name": name, "value": said} for name, said in self.environment.items()],
            "ports": [{"containerPort": self.port}],
        }
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": self.name, "namespace": self.namespace, "labels": labels},
            "spec": {
                "replicas": self.replicas,
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels},
                    "spec": {"containers": [container]},
                },
            },
        }


@dataclass(frozen=True, slots=True)
class DeploymentInterpret(Interpret[KubernetesTopology]):
    """Namespace and object applied, and as many pods of this very version ready as are wanted."""

    score: Deployment

    @override
    async def execute(self, topology: KubernetesTopology) -> Outcome:
        score = self.score
        changes = (
            await topology.ensure_object(namespace_object(score.namespace, score.cluster)),
            await topology.ensure_object(KubernetesObject(score.manifest(), score.cluster)),
        )
        query = ObjectQuery(
            "apps/v1", "Deployment", score.namespace, score.name, cluster=score.cluster
        )
        found = await topology.observe_objects(query)
        ready = sum(_ready(one.manifest) for one in found)
        if ready >= score.replicas:
            return Outcome.done(f"{ready} pods ready", changes)
        details = [words for one in found for words in workload_troubles(one.manifest)]
        details += pod_troubles(await _pods(topology, score))
        return Outcome.running(f"{ready} of {score.replicas} pods ready", changes, tuple(details))


@dataclass(frozen=True, slots=True)
class DeploymentSmokeTest(Interpret[KubernetesTopology]):
    """Every pod is asked through the API server: the same way in rehearsal and production."""

    score: Deployment

    @override
    async def execute(self, topology: KubernetesTopology) -> Outcome:
        score = self.score
        names = [pod["metadata"]["name"] for pod in living(await _pods(topology, score))]
        for name in names:
            question = PodQuestion(score.namespace, name, score.port, score.path, score.cluster)
            reply = await topology.ask_pod(question)
            body = reply.body.decode(errors="replace").strip()
            if reply.status != OK:
                # Where the pod can't be reached, the API server says why.
                said = " ".join(body.split())[:_LONGEST_ANSWER]
                details = (said,) if said else ()
                return Outcome.running(f"pod {name} answers {reply.status}", details=details)
            if score.answer is not None and body != score.answer.strip():
                return Outcome.running(f"pod {name} answers {body[:40]!r}")
        if len(names) < score.replicas:
            return Outcome.running(f"{len(names)} of {score.replicas} pods to ask")
        return Outcome.done(f"{len(names)} pods answer HTTP")


async def _pods(api: KubernetesApi, score: Deployment) -> list[Mapping[str, Any]]:
    labels = (("app", score.name),)
    query = ObjectQuery("v1", "Pod", score.namespace, labels=labels, cluster=score.cluster)
    return [one.manifest for one in await api.observe_objects(query)]


def _ready(deployment: Mapping[str, Any]) -> int:
    """Ready pods of the newest version; 0 while the controller has not seen it yet."""
    status = deployment.get("status", {})
    if status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        return 0
    updated, ready = int(status.get("updatedReplicas", 0)), int(status.get("readyReplicas", 0))
    # Which of them are ready is not said: those of older versions are taken to be.
    older = int(status.get("replicas", updated)) - updated
    return max(0, min(updated, ready - older))
