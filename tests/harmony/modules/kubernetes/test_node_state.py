from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harmony.modules.kubernetes.node_state import NodeState, observe_nodes, ready_names
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

SILENT: dict[str, Any] = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "w2"}}


def test_nodes_as_the_api_shows_them() -> None:
    site = RecordingSite(api_up=True)
    for manifest in (node("cp1"), node("w1", ready=False), SILENT):
        site.put(manifest)
    found = asyncio.run(observe_nodes(site, "home"))
    assert found == {
        "cp1": NodeState("cp1", True, "kubelet says so", {}),
        "w1": NodeState("w1", False, "kubelet says so", {}),
        "w2": NodeState("w2", False, "its kubelet has not reported yet", {}),
    }
    assert ready_names(found.values()) == {"cp1"}
