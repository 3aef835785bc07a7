"""What the product makes of what the stand-in says, on a real API server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from harmony.domain.outcome import Outcome, Status
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.modules.okd.availability import OkdAvailability
from harmony.modules.okd.bootstrap_end import observe_bootstrap
from harmony.modules.okd.health import observe_health
from kvm.lab.stand_in_cluster_operators.api import KubernetesApi, Unanswered
from kvm.lab.stand_in_cluster_operators.cluster import Declared, Member
from kvm.lab.stand_in_cluster_operators.observing import NODES
from kvm.lab.stand_in_cluster_operators.one_pass import one_pass
from tests.harmony.real_control_plane import RealCluster
from tests.kvm.lab.stand_in_cluster_operators.scenes import BOOTSTRAP, node, voting

pytestmark = pytest.mark.protocol

HOME = Declared(("cp1",), ("w1",), "4.19.0-okd-scos.19")
# Where the control plane under test says that its API server is.
CP1, W1 = "10.7.0.11", "10.7.0.12"
BOUND = 60.0

T = TypeVar("T")


class ClusterAlone(KubernetesClient):
    """A topology that has nothing but a cluster."""

    def describe(self) -> str:
        return "a cluster"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("it is there")


@dataclass(frozen=True, slots=True)
class Reading:
    """`bootstrap` is what it is still needed for, `health` what isn't well, up to the first colon each."""

    bootstrap: str | None
    health: tuple[str, ...]
    available: Status


def reading(cluster: RealCluster, folder: Path) -> Reading:
    files = KubeconfigFiles(folder)

    async def whole() -> Reading:
        await files.ensure_kubeconfig(cluster.way)
        site = ClusterAlone(files)
        try:
            bootstrap = await observe_bootstrap(site, cluster.way.cluster)
            health = await observe_health(site, cluster.way.cluster)
            score = OkdAvailability(cluster.way.cluster, ["cp1", "w1"])
            outcome = await score.interpret().execute(site)
        finally:
            await site.aclose()
        first = bootstrap if bootstrap is None else bootstrap.partition(":")[0]
        return Reading(first, tuple(one.partition(":")[0] for one in health), outcome.status)

    return asyncio.run(whole())


def persistently(attempt: Callable[[], T]) -> T:
    """Again while the API doesn't serve a kind yet, or a controller of its own was quicker."""
    until = time.monotonic() + BOUND
    while True:
        try:
            return attempt()
        except Unanswered:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)


def kubelet_says(api: KubernetesApi, name: str, address: str) -> None:
    """That its node is Ready. Told again before each look, or the nodes' controller gives it up."""
    wish = node(name, address)
    wish["status"]["conditions"][0]["lastHeartbeatTime"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def say() -> None:
        there = api.read(f"{NODES}/{name}") or api.create(NODES, wish)
        status = {**there["status"], **wish["status"]}
        api.replace(f"{NODES}/{name}/status", {**there, "status": status})

    persistently(say)


def settled(api: KubernetesApi, members: tuple[Member, ...]) -> int:
    """Passes until one has nothing to write; how much they wrote."""
    wrote = 0
    while True:
        written = persistently(lambda: one_pass(api, HOME, members, datetime.now(UTC)))
        if not written:
            return wrote
        wrote += len(written)


PENDING = Reading(
    "the control plane isn't on its own yet",
    (
        "ClusterVersion version",
        *(
            f"ClusterOperator {name}"
            for name in ("dns", "etcd", "ingress", "kube-apiserver", "machine-config", "network")
        ),
        "MachineConfigPool master",
        "MachineConfigPool worker",
    ),
    Status.RUNNING,
)
COMPLETE = Reading(
    "the bootstrap node is still a member of etcd",
    (
        "ClusterVersion version",
        *(
            f"ClusterOperator {name}"
            for name in ("dns", "etcd", "ingress", "machine-config", "network")
        ),
        "MachineConfigPool worker",
    ),
    Status.RUNNING,
)
ALONE = Reading(
    None,
    (
        "ClusterVersion version",
        *(f"ClusterOperator {name}" for name in ("dns", "ingress", "machine-config", "network")),
        "MachineConfigPool worker",
    ),
    Status.RUNNING,
)
WELL = Reading(None, (), Status.NOOP)


def test_the_product_sees_a_cluster_come_up(
    real_cluster: RealCluster, kubeconfig: Path, tmp_path: Path
) -> None:
    api = KubernetesApi(kubeconfig)
    told: list[Reading] = []
    for nodes, members in (
        ({}, (BOOTSTRAP,)),
        ({"cp1": CP1}, (BOOTSTRAP, *voting("cp1"))),
        ({"cp1": CP1}, voting("cp1")),
        ({"cp1": CP1, "w1": W1}, voting("cp1")),
    ):
        for name, address in nodes.items():
            kubelet_says(api, name, address)
        assert settled(api, members) > 0
        told.append(reading(real_cluster, tmp_path))
    assert told == [PENDING, COMPLETE, ALONE, WELL]
    assert settled(api, voting("cp1")) == 0
