from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import unquote

import pytest

from harmony.modules.kubernetes.plan import ClusterPlan, Node
from harmony.modules.kubernetes.pod_network import pod_network
from tests.harmony.modules.kubernetes.examples import plan_of

pytestmark = pytest.mark.unit

PLAN = plan_of()
CP1, W1 = PLAN.nodes


def text(plan: ClusterPlan, node: Node, path: str) -> str:
    files = {file.path: file.contents.source for file in pod_network(plan, node).storage.files}
    return unquote(files[path].removeprefix("data:,"))


def test_pods_get_addresses_of_their_own_nodes_range() -> None:
    (bridge,) = json.loads(text(PLAN, W1, "/etc/cni/net.d/10-pods.conflist"))["plugins"]
    assert bridge["ipam"]["ranges"] == [[{"subnet": "10.244.12.0/24"}]]


def test_a_route_to_every_other_nodes_pods() -> None:
    w2 = replace(W1, name="w2", address="10.7.0.13")
    plan = replace(PLAN, nodes=(CP1, W1, w2))
    network = text(plan, CP1, "/etc/systemd/network/05-node.network")
    routes = [line for line in network.splitlines() if line.startswith(("Dest", "Gateway="))]
    assert routes == [
        "Destination=10.244.12.0/24",
        "Gateway=10.7.0.12",
        "Destination=10.244.12.0/24",
        "Gateway=10.7.0.13",
    ]


def test_a_host_known_by_rule_takes_any_wired_card() -> None:
    network = text(PLAN, replace(W1, boot_mac=None), "/etc/systemd/network/05-node.network")
    assert network.startswith("[Match]\nType=ether\nKind=!*\n")


def test_pods_keep_their_address_inside_the_cluster_only() -> None:
    (masquerade,) = pod_network(PLAN, W1).systemd.units
    rule = "POSTROUTING -s 10.244.12.0/24 ! -d 10.244.0.0/16 -j MASQUERADE"
    assert (masquerade.contents or "").count(rule) == 2
