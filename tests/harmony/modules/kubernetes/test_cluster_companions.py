from __future__ import annotations

import asyncio

import pytest

from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome, Status
from harmony.modules.kubernetes.cluster_companions import (
    ClusterReadiness,
    ClusterSmokeTest,
    ClusterUpkeep,
)
from harmony.modules.kubernetes.topology import ClusterTopology
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import (
    kubernetes_endpoints,
    node,
    node_csr,
    signing_request,
)
from tests.harmony.modules.kubernetes.examples import plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

PLAN = plan_of()
SIGNER = "kubernetes.io/kube-apiserver-client-kubelet"
USAGES = ["digital signature", "client auth"]


def site_with(*nodes: str) -> RecordingSite:
    site = RecordingSite(api_up=True)
    for name in nodes:
        site.put(node(name))
        site.states[name] = MachineState.READY
    return site


def of(interpret: Interpret[ClusterTopology], site: RecordingSite) -> Outcome:
    return asyncio.run(interpret.execute(site))


def test_readiness_names_each_node_that_lacks() -> None:
    site = site_with("cp1")
    outcome = of(ClusterReadiness(PLAN), site)
    assert (outcome.status, outcome.message) == (Status.RUNNING, "w1 has not joined yet")
    site.put(node("w1", ready=False))
    assert of(ClusterReadiness(PLAN), site).message == "w1 is not Ready: kubelet says so"
    site.put(node("w1"))
    assert of(ClusterReadiness(PLAN), site).status is Status.NOOP


def test_smoke_test_wants_the_api_server_among_its_endpoints() -> None:
    site = site_with("cp1", "w1")
    assert of(ClusterSmokeTest(PLAN), site).message == "no API server at 10.7.0.11 yet"
    site.put(kubernetes_endpoints("10.7.0.11"))
    outcome = of(ClusterSmokeTest(PLAN), site)
    assert (outcome.status, outcome.message) == (
        Status.NOOP,
        "the API answers at api.home.example",
    )


def test_upkeep_renews_certificates() -> None:
    site = site_with("cp1", "w1")
    site.put(signing_request("renewal", SIGNER, "system:node:w1", USAGES, node_csr("w1")))
    first = of(ClusterUpkeep(PLAN), site)
    assert first.status is Status.SUCCESS
    assert "approved renewal" in site.writes
    assert of(ClusterUpkeep(PLAN), site).status is Status.NOOP


def test_upkeep_reports_what_stays_pending() -> None:
    site = site_with("cp1", "w1")
    site.put(signing_request("odd", SIGNER, "system:node:w1", USAGES, node_csr("w9")))
    assert of(ClusterUpkeep(PLAN), site).details == (
        "certificate request odd of system:node:w1 stays pending: "
        "no host 'w9' is declared in this cluster",
    )
    assert "approved odd" not in site.writes
