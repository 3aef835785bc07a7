from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.network_check import check_networking, read_network
from harmony.modules.okd.networking import (
    ClusterNetwork,
    MachineNetwork,
    Networking,
    OvnIpv4,
    OvnKubernetesConfig,
)
from tests.harmony.modules.okd.examples import NETWORKING

pytestmark = pytest.mark.unit

DUAL = Networking(
    machine_network=(MachineNetwork(cidr="10.7.0.0/24"), MachineNetwork(cidr="fd00:7::/64")),
    service_network=("172.30.0.0/16", "fd02::/112"),
    cluster_network=(
        ClusterNetwork(cidr="10.128.0.0/14", host_prefix=23),
        ClusterNetwork(cidr="fd01::/48", host_prefix=64),
    ),
)


def found(networking: Networking, nodes: int = 5) -> list[tuple[str, str, str]]:
    return [(one.code, one.message, one.help[0]) for one in check_networking(networking, nodes)]


def but(**sections: object) -> Networking:
    return NETWORKING.model_copy(update=sections)


def machines(*cidrs: str) -> Networking:
    return but(machine_network=tuple(MachineNetwork(cidr=one) for one in cidrs))


def pods(*ranges: tuple[str, int | None]) -> Networking:
    return but(
        cluster_network=tuple(ClusterNetwork(cidr=one, host_prefix=size) for one, size in ranges)
    )


@pytest.mark.parametrize("networking", [NETWORKING, DUAL, Networking()])
def test_nothing_to_say(networking: Networking) -> None:
    assert found(networking) == []


@pytest.mark.parametrize(
    ("networking", "message", "help"),
    [
        (
            machines("192.168.11.0/16"),
            "networking.machineNetwork[0].cidr: '192.168.11.0/16' is no network",
            "it has host bits: did you mean 192.168.0.0/16?",
        ),
        (
            but(service_network=("services",)),
            "networking.serviceNetwork[0]: 'services' is no network",
            "write it in CIDR notation, such as 10.7.0.0/24",
        ),
        (
            but(service_network=("172.30.0.0/30",)),
            "networking.serviceNetwork[0]: 172.30.0.0/30 is of a size with which the API server"
            " doesn't start",
            "make it /12 to /29",
        ),
        (
            but(service_network=("172.30.0.0/16", "172.31.0.0/16")),
            "networking.serviceNetwork: two networks of one family: the API server takes one",
            "keep one of them",
        ),
        (
            DUAL.model_copy(update={"service_network": ("172.30.0.0/16",)}),
            "networking.serviceNetwork: has no network of IPv6",
            "add one of IPv6, or leave that out everywhere",
        ),
        (
            DUAL.model_copy(update={"service_network": ("fd02::/112", "172.30.0.0/16")}),
            "networking.serviceNetwork: IPv6 stands before IPv4",
            "write the IPv4 network first",
        ),
        (
            pods(("10.128.0.0/14", None)),
            "networking.clusterNetwork[0].hostPrefix: is not said",
            "such as hostPrefix: 23, or 64 for IPv6",
        ),
        (
            pods(("10.128.0.0/14", 8)),
            "networking.clusterNetwork[0].hostPrefix: a node can't take a /8 out of 10.128.0.0/14",
            "choose a number from 14 to 30",
        ),
        (
            pods(("10.128.0.0/14", 23), ("10.132.0.0/14", 24)),
            "networking.clusterNetwork[1].hostPrefix: 24 is not that of the first, 23",
            "hostPrefix: 23",
        ),
    ],
)
def test_a_network_that_cannot_be(networking: Networking, message: str, help: str) -> None:
    assert found(networking) == [("HP0223", message, help)]


def test_an_ipv6_host_prefix_is_64() -> None:
    odd = (DUAL.cluster_network[0], ClusterNetwork(cidr="fd01::/48", host_prefix=56))
    message = "networking.clusterNetwork[1].hostPrefix: 56 is not 64"
    assert found(DUAL.model_copy(update={"cluster_network": odd})) == [
        ("HP0223", message, "an IPv6 network has hostPrefix: 64")
    ]


@pytest.mark.parametrize(
    ("networking", "message"),
    [
        (
            machines("10.129.0.0/24"),
            "networking.clusterNetwork[0].cidr: 10.128.0.0/14 overlaps"
            " networking.machineNetwork[0].cidr 10.129.0.0/24",
        ),
        (
            but(service_network=("10.128.0.0/16",)),
            "networking.clusterNetwork[0].cidr: 10.128.0.0/14 overlaps"
            " networking.serviceNetwork[0] 10.128.0.0/16",
        ),
        (
            Networking(service_network=("10.0.8.0/24",)),
            "networking.serviceNetwork[0]: 10.0.8.0/24 overlaps"
            " networking.machineNetwork[0].cidr 10.0.0.0/16",
        ),
        (
            machines("10.7.0.0/24", "10.7.0.128/25"),
            "networking.machineNetwork[1].cidr: 10.7.0.128/25 overlaps"
            " networking.machineNetwork[0].cidr 10.7.0.0/24",
        ),
        (
            machines("100.64.7.0/24"),
            "networking.machineNetwork[0].cidr: 100.64.7.0/24 overlaps"
            " OVN-Kubernetes' own 100.64.0.0/16",
        ),
        (
            machines("100.88.7.0/24"),
            "networking.machineNetwork[0].cidr: 100.88.7.0/24 overlaps"
            " OVN-Kubernetes' own 100.88.0.0/16",
        ),
    ],
)
def test_networks_that_overlap(networking: Networking, message: str) -> None:
    help = "choose another network: no address may belong to two"
    assert found(networking) == [("HP0224", message, help)]


def test_the_join_subnet_can_be_moved_out_of_the_way() -> None:
    def moved(subnet: str) -> Networking:
        ovn = OvnKubernetesConfig(ipv4=OvnIpv4(internal_join_subnet=subnet))
        return machines("100.64.7.0/24").model_copy(update={"ovn_kubernetes_config": ovn})

    assert found(moved("100.65.0.0/16")) == []
    assert [code for code, _, _ in found(moved("10.128.0.0/16"))] == ["HP0224"]


@pytest.mark.parametrize(
    ("networking", "ranges"), [(pods(("10.128.0.0/22", 23)), 2), (pods(("10.128.0.0/22", 24)), 4)]
)
def test_more_nodes_than_ranges(networking: Networking, ranges: int) -> None:
    assert found(networking, ranges) == []
    assert found(networking, ranges + 1) == [
        (
            "HP0225",
            f"networking.clusterNetwork: there are {ranges} IPv4 ranges for the pods of"
            f" {ranges + 1} nodes",
            "take a larger network, or a larger number as hostPrefix",
        )
    ]


def test_the_mtu_of_pods_stands_elsewhere() -> None:
    ((code, message, help),) = found(but(cluster_network_mtu=8900))
    assert (code, message) == (
        "HP0227",
        "networking.clusterNetworkMTU: the installer takes it on AWS alone",
    )
    assert "cluster-network-03-config.yml" in help


@given(st.from_type(Networking), st.integers(min_value=0))
def test_nothing_that_is_written_is_a_traceback(networking: Networking, nodes: int) -> None:
    check_networking(networking, nodes)


@given(st.ip_addresses(), st.integers(-1, 130))
def test_a_network_is_one_without_host_bits(address: object, prefix: int) -> None:
    network = read_network(f"{address}/{prefix}")
    assert network is None or str(network) == f"{address}/{prefix}"
    assert read_network(str(address)) is None
