"""Deployment: a program kept running in a cluster, asked over HTTP whether it really answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pydantic
from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesObject, ObjectQuery, PodQuestion
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Many, Score
from harmony.modules.kubernetes.namespace import namespace_object
from harmony.modules.kubernetes.topology import KubernetesTopology

OK = 200


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
        return f"deployment/{self.namespace}/{self.name}"

    @override
    def interpret(self) -> Interpret[KubernetesTopology]:
        return DeploymentInterpret(self)

    def smoke_test(self) -> Interpret[KubernetesTopology]:
        return DeploymentSmokeTest(self)

    def manifest(self) -> Mapping[str, Any]:
        """The object as it is applied (apps/v1)."""
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
        ready = _ready(found[0].manifest) if found else 0
        if ready < score.replicas:
            return Outcome.running(f"{ready} of {score.replicas} pods ready", changes)
        return Outcome.done(f"{ready} pods ready", changes)


@dataclass(frozen=True, slots=True)
class DeploymentSmokeTest(Interpret[KubernetesTopology]):
    """Every pod is asked through the API server: the same way in rehearsal and production."""

    score: Deployment

    @override
    async def execute(self, topology: KubernetesTopology) -> Outcome:
        score = self.score
        labels = (("app", score.name),)
        query = ObjectQuery("v1", "Pod", score.namespace, labels=labels, cluster=score.cluster)
        pods = [one.manifest["metadata"] for one in await topology.observe_objects(query)]
        names = [pod["name"] for pod in pods if "deletionTimestamp" not in pod]
        for name in names:
            question = PodQuestion(score.namespace, name, score.port, score.path, score.cluster)
            reply = await topology.ask_pod(question)
            body = reply.body.decode(errors="replace").strip()
            if reply.status != OK:
                return Outcome.running(f"pod {name} answers {reply.status}")
            if score.answer is not None and body != score.answer.strip():
                return Outcome.running(f"pod {name} answers {body[:40]!r}")
        if len(names) < score.replicas:
            return Outcome.running(f"{len(names)} of {score.replicas} pods to ask")
        return Outcome.done(f"{len(names)} pods answer HTTP")


def _ready(deployment: Mapping[str, Any]) -> int:
    """Ready pods of the newest version; 0 while the controller has not seen it yet."""
    status = deployment.get("status", {})
    if status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        return 0
    return min(int(status.get("updatedReplicas", 0)), int(status.get("readyReplicas", 0)))
