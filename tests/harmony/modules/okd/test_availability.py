from __future__ import annotations

import asyncio

import pytest

from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Outcome, Status
from harmony.modules.kubernetes.node_state import NodeState
from harmony.modules.okd.availability import OkdAvailability, absent
from harmony.modules.okd.health import OPERATORS
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.modules.okd.cluster_reports import healthy_cluster, report

pytestmark = pytest.mark.unit

HOME = OkdAvailability("home", ["m0", "m1"])


def one_pass(site: RecordingSite) -> Outcome:
    return asyncio.run(HOME.interpret().execute(site))


def site_with(*nodes: str) -> RecordingSite:
    site = RecordingSite(api_up=True)
    for one in (*healthy_cluster(), *map(node, nodes)):
        site.put(one)
    site.writes.clear()
    return site


def test_a_cluster_that_is_there_changes_nothing() -> None:
    site = site_with("m0", "m1", "w0")
    assert one_pass(site) == Outcome(Status.NOOP, "OKD cluster home is available")
    assert site.writes == []


def test_everything_that_is_waited_for_is_told() -> None:
    site = site_with("m0")
    site.put(report(OPERATORS, "dns", Progressing="True"))
    told = one_pass(site)
    assert told.status is Status.RUNNING
    assert told.message == "waiting for node m1: it hasn't joined yet (and 1 more)"
    assert told.details == (
        "node m1: it hasn't joined yet",
        "ClusterOperator dns: Progressing is True",
    )


def test_an_api_that_does_not_answer_is_waited_for() -> None:
    told = one_pass(RecordingSite(api_up=False))
    assert told.status is Status.RUNNING
    assert told.details == ()


def test_a_node_that_is_not_ready_says_why() -> None:
    found = {"m0": NodeState("m0", ready=False, why="container runtime is down", labels={})}
    assert absent(["m0", "m1"], found) == (
        "node m0: container runtime is down",
        "node m1: it hasn't joined yet",
    )


def test_json_there_and_back() -> None:
    assert from_document(to_document(HOME), (OkdAvailability,)) == HOME
    assert HOME.key() == "okd-availability/home"
