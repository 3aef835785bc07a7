"""Passes of a cluster, one at a time."""

from __future__ import annotations

import asyncio

import pytest

from harmony.domain.outcome import Outcome, Status
from harmony.modules.kubernetes.cluster_interpret import ClusterInterpret
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.examples import CP1, W1, plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

OWNER = "kubernetes-cluster/home"


def one_pass(site: RecordingSite) -> Outcome:
    return asyncio.run(ClusterInterpret(OWNER, plan_of(), (CP1, W1)).execute(site))


def test_machines_are_powered_on_before_any_image_is_finished() -> None:
    site = RecordingSite(preparing={"node-image"})
    outcome = one_pass(site)
    assert (outcome.status, outcome.message) == (
        Status.RUNNING,
        "waiting for node-image, 61 %, about 2 min",
    )
    assert site.writes == ["power cp1", "power w1", "dns"]
    assert outcome.changed


def test_each_pass_says_what_it_waits_for() -> None:
    site = RecordingSite()
    said: list[str] = []
    while (outcome := one_pass(site)).status is Status.RUNNING:
        said.append(outcome.message)
    assert said == [
        "waiting for cp1 (assigned)",
        "waiting for Ready: cp1 (ready), w1 (assigned)",
        "waiting for Ready: w1 (installed)",
        "waiting for Ready: w1 (ready)",
    ]
    assert outcome.message == "cluster home: 2 nodes Ready"


def test_an_api_that_is_not_up_yet_is_waited_for() -> None:
    site = RecordingSite(refusals=1)
    one_pass(site)
    outcome = one_pass(site)
    assert (outcome.status, outcome.message) == (
        Status.RUNNING,
        "the API of home: connection refused",
    )


def test_a_failed_machine_is_told_with_its_reason() -> None:
    site = RecordingSite(powered={"cp1", "w1"})
    site.states["cp1"] = MachineState.FAILED
    assert one_pass(site).message == "waiting for cp1 (failed)"


def test_a_token_is_there_until_its_node_is_ready() -> None:
    site = RecordingSite()
    while one_pass(site).message != "waiting for Ready: cp1 (ready), w1 (assigned)":
        pass
    both = [f"bootstrap-token-{site.token(host).partition('.')[0]}" for host in ("cp1", "w1")]
    assert site.names("Secret") == sorted(both)
    one_pass(site)
    assert site.names("Secret") == [both[1]]


def test_a_node_that_falls_silent_is_waited_for() -> None:
    site = RecordingSite()
    while one_pass(site).status is Status.RUNNING:
        pass
    site.put(node("w1", ready=False))
    assert one_pass(site).message == "waiting for Ready: w1 (ready)"
