from __future__ import annotations

from typing import Any

import pytest

from kvm.lab.stand_in_cluster_operators.observing import holds, objects, ready, serving
from tests.kvm.lab.stand_in_cluster_operators.scenes import node

pytestmark = pytest.mark.unit

SILENT = {"metadata": {"name": "w0"}, "status": {}}
NODES = {"items": [node("m0", "10.7.0.11"), node("m1", "10.7.0.12", ready=False), SILENT]}


def endpoints_of(*addresses: str) -> dict[str, Any]:
    """As the API servers keep it."""
    return {"subsets": [{"addresses": [{"ip": one} for one in addresses], "ports": []}]}


def test_nodes_are_ready_if_their_kubelets_say_so() -> None:
    assert ready(NODES) == {"m0": True, "m1": False, "w0": False}
    assert ready({"items": []}) == ready({}) == {}


@pytest.mark.parametrize(
    ("endpoints", "names"),
    [
        (None, set[str]()),
        ({"metadata": {"name": "kubernetes"}}, set[str]()),
        (endpoints_of("10.7.0.10"), set[str]()),
        (endpoints_of("10.7.0.10", "10.7.0.11"), {"m0"}),
        (endpoints_of("10.7.0.12", "10.7.0.11"), {"m0", "m1"}),
    ],
)
def test_api_servers_are_on_the_nodes_of_their_addresses(
    endpoints: dict[str, Any] | None, names: set[str]
) -> None:
    assert serving(NODES, endpoints) == names


@pytest.mark.parametrize(
    ("status", "so"),
    [
        ({"conditions": [{"type": "Established", "status": "True"}]}, True),
        ({"conditions": [{"type": "Established", "status": "False"}]}, False),
        ({"conditions": [{"type": "Other", "status": "True"}]}, False),
        ({"conditions": "Established"}, False),
        ({"conditions": ["Established", None]}, False),
        ({}, False),
        (None, False),
        ("Established", False),
    ],
)
def test_whether_a_condition_holds(status: object, so: bool) -> None:
    assert holds({"status": status}, "Established") is so


def test_nothing_says_nothing() -> None:
    assert not holds(None, "Established")
    assert objects(None, "items") == objects([], "items") == []
