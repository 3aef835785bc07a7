from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.installed_machines import LastOrder
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.node_labels import (
    ensure_node_labels,
    is_of_another_installation,
)
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes
from harmony.modules.kubernetes.plan import Role
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

FIRST = LastOrder(1_700_000_000.4, "image", "config")
SECOND = LastOrder(1_700_000_900.4, "image", "config")
ROLE = "node-role.kubernetes.io/worker"
INSTALLED = "node-restriction.kubernetes.io/installed"


def seen(site: RecordingSite) -> NodeState:
    return asyncio.run(observe_nodes(site, "home"))["w1"]


def ensure(site: RecordingSite, order: LastOrder | None) -> list[Change]:
    return asyncio.run(ensure_node_labels(site, "home", seen(site), Role.WORKER, order))


def labelled(order: LastOrder | None) -> RecordingSite:
    site = RecordingSite(api_up=True)
    site.put(node("w1"))
    assert len(ensure(site, order)) == 1
    assert ensure(site, order) == []
    return site


def test_a_node_has_its_role_and_its_installation() -> None:
    assert seen(labelled(FIRST)).labels == {ROLE: "", INSTALLED: "1700000000"}


def test_a_label_that_was_given_stays() -> None:
    site = labelled(FIRST)
    assert ensure(site, SECOND) == []
    assert ensure(site, None) == []
    assert is_of_another_installation(seen(site), SECOND)
    assert not is_of_another_installation(seen(site), FIRST)


def test_what_is_not_known_is_not_said_and_not_held_against_the_node() -> None:
    site = labelled(None)
    assert seen(site).labels == {ROLE: ""}
    assert not is_of_another_installation(seen(site), FIRST)
    assert len(ensure(site, FIRST)) == 1
    assert seen(site).labels == {ROLE: "", INSTALLED: "1700000000"}
