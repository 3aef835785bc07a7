from __future__ import annotations

import asyncio

import pytest

from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome, Status
from harmony.modules.kubernetes.cluster_companions import ClusterReadiness, ClusterSmokeTest
from harmony.modules.kubernetes.topology import ClusterTopology
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import kubernetes_endpoints, node
from tests.harmony.modules.kubernetes.examples import plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

PLAN = plan_of()


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
