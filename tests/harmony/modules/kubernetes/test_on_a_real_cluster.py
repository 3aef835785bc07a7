"""The Scores against a real API server, which keeps less and says more than was written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesObject, ObjectQuery
from harmony.domain.outcome import Change, Outcome, Status
from harmony.domain.score import Score
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.infra.manifest_compare import holds
from harmony.maestro import Maestro
from harmony.modules.kubernetes.deployment import Deployment
from harmony.modules.kubernetes.namespace import Namespace
from tests.harmony.real_control_plane import RealCluster

pytestmark = pytest.mark.protocol


class ClusterAlone(KubernetesClient):
    """A topology that has nothing but a cluster. `lacking` notes what has to be written."""

    def __init__(self, kubeconfigs: KubeconfigFiles) -> None:
        super().__init__(kubeconfigs)
        self.lacking: list[str] = []

    def describe(self) -> str:
        return "a cluster"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("it is there")

    @override
    async def ensure_object(self, spec: KubernetesObject) -> Change:
        named = spec.reference
        query = ObjectQuery(named.api_version, named.kind, named.namespace, named.name)
        if not any(holds(one.manifest, spec.manifest) for one in await self.observe_objects(query)):
            self.lacking.append(named.kind)
        return await super().ensure_object(spec)


def run(cluster: RealCluster, folder: Path, score: Score[Any]) -> tuple[Outcome, list[str]]:
    """One run of the Score: how it ended, and what it found lacking."""
    files = KubeconfigFiles(folder)

    async def whole() -> tuple[Outcome, list[str]]:
        await files.ensure_kubeconfig(cluster.way)
        topology = ClusterAlone(files)
        maestro = Maestro[Any](topology)
        maestro.register(score)
        try:
            return (await maestro.run(lambda event: None))[score.key()], topology.lacking
        finally:
            await topology.aclose()

    return asyncio.run(whole())


def container(cluster: RealCluster, folder: Path, score: Deployment) -> dict[str, Any]:
    """What the cluster says, after a run that changed something and one that didn't, of the
    Deployment's arguments and variables."""
    runs = [run(cluster, folder, score)[0].status for _ in range(2)]
    assert runs == [Status.SUCCESS, Status.NOOP]
    query = ObjectQuery("apps/v1", "Deployment", score.namespace, score.name)
    client = cluster.client(folder)

    async def ask() -> tuple[KubernetesObject, ...]:
        try:
            return await client.observe_objects(query)
        finally:
            await client.aclose()

    (found,) = asyncio.run(ask())
    (said,) = found.manifest["spec"]["template"]["spec"]["containers"]
    return {key: said[key] for key in ("args", "env") if key in said}


@pytest.mark.parametrize(
    "score",
    [
        Namespace("twice"),
        # No kubelet runs beside this API server: with no pods wanted, all of them are ready.
        Deployment("bare", "twice-bare", "hello:1", replicas=0),
        Deployment(
            "full",
            "twice-full",
            "hello:1",
            arguments=["--port", "80"],
            environment={"GREETING": "hello", "QUIET": ""},
            replicas=0,
            port=80,
        ),
    ],
    ids=lambda score: score.key(),
)
def test_the_second_run_changes_nothing(
    real_cluster: RealCluster, tmp_path: Path, score: Score[Any]
) -> None:
    outcome, lacking = run(real_cluster, tmp_path, score)
    assert (outcome.status, lacking[0]) == (Status.SUCCESS, "Namespace")
    outcome, lacking = run(real_cluster, tmp_path, score)
    assert (outcome.status, lacking) == (Status.NOOP, [])


def test_what_is_emptied_is_gone(real_cluster: RealCluster, tmp_path: Path) -> None:
    full = Deployment(
        "emptied",
        "emptied",
        "hello:1",
        arguments=["--port", "80"],
        environment={"GREETING": "hello", "LOUD": "yes"},
        replicas=0,
    )
    wanted = [
        full,
        replace(full, environment={"LOUD": ""}),
        replace(full, arguments=()),
        replace(full, arguments=(), environment={}),
    ]
    arguments = {"args": ["--port", "80"]}
    greeting, loud = {"name": "GREETING", "value": "hello"}, {"name": "LOUD", "value": "yes"}
    assert [container(real_cluster, tmp_path, one) for one in wanted] == [
        {**arguments, "env": [greeting, loud]},
        {**arguments, "env": [{"name": "LOUD"}]},
        {"env": [loud, greeting]},  # as it was told of them
        {},
    ]
