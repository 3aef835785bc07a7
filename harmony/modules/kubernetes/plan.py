"""What follows from a cluster's declaration alone: its names, its nodes and their pod ranges.

A node's pod range is derived from its own address (10.7.0.12 has 10.244.12.0/24), never from its
place in a list: a host added in the middle moves nobody else's pods.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network

from inventory.host import Host
from inventory.mac import normal_mac

API_PORT = 6443


def api_names(domain: str) -> tuple[str, str]:
    """The API's name for people and programs outside, and the nodes' own."""
    return f"api.{domain}", f"api-int.{domain}"


class Role(StrEnum):
    CONTROL_PLANE = "control-plane"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Node:
    """One host as a member of the cluster. `boot_mac` is None for a host known only by rule."""

    name: str
    address: str
    role: Role
    pod_range: IPv4Network
    boot_mac: str | None


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """`service_network` is what Services get their addresses from."""

    name: str
    domain: str
    nodes: tuple[Node, ...]
    pod_network: IPv4Network
    service_network: IPv4Network

    @property
    def api_name(self) -> str:
        """What people and programs outside reach the API by."""
        return api_names(self.domain)[0]

    @property
    def api_int_name(self) -> str:
        """What the nodes themselves reach the API by."""
        return api_names(self.domain)[1]

    @property
    def api_server_names(self) -> tuple[str, ...]:
        """Every DNS name in the API server's certificate."""
        inside = "kubernetes.default.svc"
        return (
            self.api_name,
            self.api_int_name,
            "localhost",
            "kubernetes",
            "kubernetes.default",
            inside,
            f"{inside}.cluster.local",
        )

    @property
    def api_server_addresses(self) -> tuple[str, ...]:
        """Every address in the API server's certificate; the last is the Service `kubernetes`."""
        first_service = str(self.service_network.network_address + 1)
        return (*(node.address for node in self.control_plane), "127.0.0.1", first_service)

    @property
    def control_plane(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.role is Role.CONTROL_PLANE)

    @property
    def workers(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.role is Role.WORKER)

    def others(self, node: Node) -> tuple[Node, ...]:
        return tuple(other for other in self.nodes if other.name != node.name)


def node_of(host: Host, role: Role, pod_network: IPv4Network) -> Node:
    """`host` as a node; ValueError where it has no address (the check companion says so first)."""
    if host.address is None:
        raise ValueError(f"host {host.name} has no address")
    return Node(
        name=host.name,
        address=host.address,
        role=role,
        pod_range=pod_range(host.address, pod_network),
        boot_mac=normal_mac(host.nics[0].mac) if host.nics else None,
    )


def pod_range(address: str, pod_network: IPv4Network) -> IPv4Network:
    """The /24 of `pod_network` that the node with `address` gives its pods.

    Numbered by the low bits of the address, as many as `pod_network` has room for.
    """
    room = 24 - pod_network.prefixlen
    number = int(IPv4Address(address)) & ((1 << room) - 1)
    start = int(pod_network.network_address) + (number << 8)
    return IPv4Network((start, 24))
