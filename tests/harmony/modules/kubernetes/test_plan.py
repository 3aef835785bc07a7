from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.kubernetes.plan import Node, Role, node_of, pod_range
from inventory.host import Host, MatchRule, Nic
from tests.harmony.modules.kubernetes.examples import PODS, plan_of

pytestmark = pytest.mark.unit


def test_node_of_a_host() -> None:
    host = Host("w1", nics=[Nic("52-54-00-07-00-12")], address="10.7.0.12")
    assert node_of(host, Role.WORKER, PODS) == Node(
        name="w1",
        address="10.7.0.12",
        role=Role.WORKER,
        pod_range=IPv4Network("10.244.12.0/24"),
        boot_mac="52:54:00:07:00:12",
    )


def test_a_host_known_by_rule_has_no_mac() -> None:
    host = Host("w2", address="10.7.0.13", match=MatchRule(min_nics=2))
    assert node_of(host, Role.WORKER, PODS).boot_mac is None


def test_a_host_without_address_is_no_node() -> None:
    with pytest.raises(ValueError, match="w3 has no address"):
        node_of(Host("w3"), Role.WORKER, PODS)


@given(st.ip_addresses(v=4), st.integers(8, 23))
def test_a_range_is_a_24_of_the_pod_network(address: IPv4Address, length: int) -> None:
    pods = IPv4Network(("10.0.0.0", length))
    own = pod_range(str(address), pods)
    assert own.prefixlen == 24
    assert own.subnet_of(pods)


@given(st.integers(0, 255), st.integers(0, 255))
def test_hosts_of_one_24_never_share_a_range(one: int, other: int) -> None:
    ranges = {pod_range(f"10.7.0.{last}", PODS) for last in (one, other)}
    assert len(ranges) == len({one, other})


def test_names_and_addresses_of_the_api_server() -> None:
    plan = plan_of()
    assert plan.api_server_names == (
        "api.home.example",
        "api-int.home.example",
        "localhost",
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
    )
    assert plan.api_server_addresses == ("10.7.0.11", "127.0.0.1", "10.96.0.1")


def test_roles_and_others() -> None:
    plan = plan_of()
    cp1, w1 = plan.nodes
    assert (plan.control_plane, plan.workers) == ((cp1,), (w1,))
    assert plan.others(cp1) == (w1,)
