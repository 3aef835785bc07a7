from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest
from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesApi, KubernetesObject, PodAnswer
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.deployment import Deployment
from tests.harmony.idempotence import assert_idempotent
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

HELLO = Deployment(
    "hello",
    "web",
    "hello:1",
    arguments=["--port", "8080"],
    environment={"GREETING": "hello"},
    answer="hello",
)


@dataclass
class RunningSite(RecordingSite):
    """A controller and kubelets that bring every Deployment's pods up at once."""

    api_up: bool = True

    @override
    async def ensure_object(self, spec: KubernetesObject) -> Change:
        change = await super().ensure_object(spec)
        if spec.manifest["kind"] == "Deployment" and change.changed:
            replicas = spec.manifest["spec"]["replicas"]
            self.put({**spec.manifest, "status": status(ready=replicas)})
            for number in range(replicas):
                self.put(pod(f"hello-{number}"))
                self.pod_answers[f"hello-{number}"] = PodAnswer(200, b"hello\n")
        return change


def status(
    ready: int, updated: int | None = None, generation: int = 0, older: int = 0
) -> dict[str, int]:
    updated = ready if updated is None else updated
    return {
        "observedGeneration": generation,
        "replicas": updated + older,
        "readyReplicas": ready,
        "updatedReplicas": updated,
    }


def pod(name: str, **metadata: str) -> dict[str, Any]:
    labels = {"app": "hello"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "web", "labels": labels, **metadata},
    }


def test_second_run_changes_nothing() -> None:
    site = RunningSite()
    outcome = assert_idempotent(site, HELLO)
    assert (outcome.message, outcome.details) == ("1 pods ready", ("1 pods answer HTTP",))
    assert (site.names("Namespace"), site.names("Deployment")) == (["web"], ["hello"])


def test_the_manifest() -> None:
    assert HELLO.manifest() == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "hello", "namespace": "web", "labels": {"app": "hello"}},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": "hello"}},
            "template": {
                "metadata": {"labels": {"app": "hello"}},
                "spec": {
                    "containers": [
                        {
                            "name": "hello",
                            "image": "hello:1",
                            "imagePullPolicy": "IfNotPresent",
                            "args": ["--port", "8080"],
                            "env": [{"name": "GREETING", "value": "hello"}],
                            "ports": [{"containerPort": 8080}],
                        }
                    ]
                },
            },
        },
    }


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({}, "0 of 1 pods ready"),
        (status(ready=0), "0 of 1 pods ready"),
        (status(ready=1, updated=0), "0 of 1 pods ready"),
        (status(ready=1, updated=1, generation=2, older=1), "0 of 1 pods ready"),
        (status(ready=1, generation=1), "0 of 1 pods ready"),
        (status(ready=1, generation=2), "1 pods ready"),
    ],
)
def test_pods_of_the_newest_version_count(found: dict[str, int], words: str) -> None:
    site = RecordingSite(api_up=True)
    manifest = dict(HELLO.manifest())
    manifest["metadata"] = {**manifest["metadata"], "generation": 2}
    site.put({**manifest, "status": found})
    outcome = asyncio.run(HELLO.interpret().execute(site))
    assert outcome.message == words


@pytest.mark.parametrize(
    "emptied",
    [
        replace(HELLO, arguments=()),
        replace(HELLO, environment={}),
        replace(HELLO, environment={"GREETING": ""}),
    ],
)
def test_what_is_emptied_is_applied(emptied: Deployment) -> None:
    site = RunningSite()
    assert_idempotent(site, HELLO)
    assert_idempotent(site, emptied)


def test_it_says_why_pods_are_not_ready() -> None:
    site = RecordingSite(api_up=True)
    condition = {"type": "Progressing", "status": "False", "message": "nothing moves"}
    site.put({**HELLO.manifest(), "status": {"conditions": [condition]}})
    waiting = {"reason": "ErrImagePull", "message": "not found"}
    held = {"containerStatuses": [{"name": "hello", "state": {"waiting": waiting}}]}
    site.put({**pod("hello-0"), "status": held})
    outcome = asyncio.run(HELLO.interpret().execute(site))
    assert outcome.message == "0 of 1 pods ready"
    assert outcome.details == ("nothing moves", "pod hello-0: ErrImagePull: not found")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (PodAnswer(200, b"hello\n"), "1 pods answer HTTP"),
        (PodAnswer(503, b"no endpoints"), "pod hello-0 answers 503"),
        (PodAnswer(200, b"another\n"), "pod hello-0 answers 'another'"),
    ],
)
def test_every_pod_is_asked(answer: PodAnswer, words: str) -> None:
    site = RecordingSite(api_up=True, pod_answers={"hello-0": answer})
    site.put(pod("hello-0"))
    site.put(pod("hello-old", deletionTimestamp="2026-11-23T03:04:05Z"))
    site.put({**pod("hello-evicted"), "status": {"phase": "Failed", "reason": "Evicted"}})
    assert asyncio.run(HELLO.smoke_test().execute(site)).message == words


def test_why_the_api_server_does_not_reach_a_pod() -> None:
    words = b"error trying to reach service:\n dial tcp 10.244.12.2:8080: no route to host"
    site = RecordingSite(api_up=True, pod_answers={"hello-0": PodAnswer(503, words)})
    site.put(pod("hello-0"))
    assert asyncio.run(HELLO.smoke_test().execute(site)).details == (
        "error trying to reach service: dial tcp 10.244.12.2:8080: no route to host",
    )


def test_pods_that_are_not_there_yet() -> None:
    outcome = asyncio.run(HELLO.smoke_test().execute(RecordingSite(api_up=True)))
    assert outcome.message == "0 of 1 pods to ask"


def test_the_only_cluster_is_the_same_named_or_not() -> None:
    assert HELLO.through(KubernetesApi, "home") == replace(HELLO, cluster="home")


def test_json_there_and_back() -> None:
    assert from_document(to_document(HELLO), (Deployment,)) == HELLO
    assert HELLO.key() == "deployment/web/hello"
    assert replace(HELLO, cluster="home").key() == "deployment/home/web/hello"
