from __future__ import annotations

from dataclasses import replace

import pytest

from harmony.modules.kubernetes.cluster_check import ClusterWishes, check_cluster
from inventory.host import Host
from inventory.network import Network
from inventory.site import Site
from tests.harmony.modules.kubernetes.examples import CP1, W1

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
SITE = Site("home", networks=[LAN], hosts=[CP1, W1])
GOOD = ClusterWishes("home", "home.example", (CP1,), (W1,), "10.244.0.0/16", "10.96.0.0/12")


def found(wishes: ClusterWishes) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in check_cluster(wishes, wishes, SITE)]


def test_nothing_to_say() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (replace(GOOD, name="../../Home Office"), "'../../Home Office' is no name for a cluster"),
        (replace(GOOD, domain="Home.Example."), "'Home.Example.' is no domain for a cluster"),
        (replace(GOOD, domain=""), "'' is no domain for a cluster"),
    ],
)
def test_names(wishes: ClusterWishes, message: str) -> None:
    assert found(wishes) == [("HP0207", message)]


@pytest.mark.parametrize(
    ("hosts", "note"),
    [
        ((), "with no control plane there is no API"),
        (
            (CP1, W1),
            "with an even number etcd survives no more losses than with one less",
        ),
        (
            (CP1, W1, Host("w2", address="10.7.0.13")),
            "several control planes need a load balancer before their API",
        ),
    ],
)
def test_only_one_control_plane_for_now(hosts: tuple[Host, ...], note: str) -> None:
    finding = check_cluster(GOOD, replace(GOOD, control_plane=hosts, workers=()), SITE)[0]
    assert finding.code == "HP0201"
    assert finding.message == f"cluster 'home' cannot have {len(hosts)} control-plane hosts"
    assert finding.notes == (note,)
    assert finding.help


def test_a_host_twice() -> None:
    assert found(replace(GOOD, workers=(CP1,))) == [
        ("HP0202", "host 'cp1' is twice in cluster 'home'")
    ]


def test_a_host_without_address() -> None:
    assert found(replace(GOOD, workers=(Host("w9"),))) == [
        ("HP0203", "host 'w9' has no address, and a node must keep the one it has")
    ]


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (replace(GOOD, pod_network="10.244.0.1/16"), "pod_network '10.244.0.1/16'"),
        (replace(GOOD, pod_network="10.244.0.0/24"), "pod_network '10.244.0.0/24'"),
        (replace(GOOD, service_network="services"), "service_network 'services'"),
        (replace(GOOD, service_network="11.0.0.0/8"), "service_network '11.0.0.0/8'"),
        (replace(GOOD, service_network="10.96.0.0/30"), "service_network '10.96.0.0/30'"),
    ],
)
def test_no_network_at_all(wishes: ClusterWishes, words: str) -> None:
    message = f"{words} is not an IPv4 network that a cluster can use"
    assert found(wishes) == [("HP0204", message)]


@pytest.mark.parametrize("network", ["10.96.0.0/12", "10.96.0.0/29"])
def test_the_service_networks_that_an_api_server_starts_with(network: str) -> None:
    assert found(replace(GOOD, service_network=network)) == []


def test_all_bad_networks_are_told() -> None:
    wishes = replace(GOOD, pod_network="pods", service_network="services")
    assert [code for code, _ in found(wishes)] == ["HP0204", "HP0204"]


def test_hosts_of_one_cluster_are_in_one_network() -> None:
    far = Host("w2", address="10.8.0.13")
    dmz = Network("dmz", "10.8.0.0/24", interface="eth2", address="10.8.0.1")
    site = replace(SITE, networks=(LAN, dmz))
    wishes = replace(GOOD, workers=(W1, far))
    assert [(one.code, one.message) for one in check_cluster(wishes, wishes, site)] == [
        ("HP0208", "'cp1' is in network 'lan' and 'w2' in 'dmz'")
    ]


def test_overlapping_networks() -> None:
    wishes = replace(GOOD, pod_network="10.0.0.0/12", service_network="10.1.0.0/16")
    assert found(wishes) == [
        ("HP0205", "pod_network 10.0.0.0/12 overlaps network 'lan' 10.7.0.0/24"),
        ("HP0205", "service_network 10.1.0.0/16 overlaps pod_network 10.0.0.0/12"),
    ]


def test_two_hosts_with_one_pod_range() -> None:
    other = Host("w2", address="10.8.0.12")
    assert found(replace(GOOD, workers=(W1, other))) == [
        (
            "HP0206",
            "the addresses of 'w1' and 'w2' lead to the same pod range 10.244.12.0/24",
        )
    ]
