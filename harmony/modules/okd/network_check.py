"""What can be wrong with a cluster's networks, as the installer and OVN-Kubernetes judge them.

Source: openshift/installer, pkg/types/validation/installconfig.go and pkg/validate/validate.go.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from harmony.modules.okd.document import finding
from harmony.modules.okd.networking import ClusterNetwork, Networking
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

IpNetwork = IPv4Network | IPv6Network

# OVN-Kubernetes has these for itself: join, transit and masquerade.
_JOIN = "100.64.0.0/16"
_INTERNAL = ("100.88.0.0/16", "169.254.0.0/17", "fd98::/64", "fd97::/64", "fd69::/112")
# kube-apiserver: 20 bits of Service addresses at the most, 8 addresses at least.
_SERVICE_PREFIXES = {4: range(12, 30), 6: range(108, 126)}
_IPV6_HOST_PREFIX = 64


@dataclass(frozen=True, slots=True)
class _Range:
    where: str
    network: IpNetwork


def check_networking(networking: Networking, nodes: int) -> tuple[Diagnostic, ...]:
    """All findings; `nodes` are how many the cluster is to have, whoever counts them."""
    full = networking.in_full()
    written = _written(full)
    ranges = [
        _Range(where, network)
        for where, cidr in written.items()
        if (network := read_network(cidr)) is not None
    ]
    return (
        *_unreadable(written),
        *_overlaps(ranges),
        *_service_sizes(ranges),
        *_families(ranges),
        *_host_prefixes(full.cluster_network),
        *_too_few(full.cluster_network, nodes),
        *_mtu(full),
    )


def read_network(cidr: str) -> IpNetwork | None:
    """The network, if `cidr` is one without host bits."""
    try:
        return ip_network(cidr) if "/" in cidr else None
    except ValueError:
        return None


def _written(full: Networking) -> dict[str, str]:
    """Every network of the section, by its place in it."""
    ovn = full.ovn_kubernetes_config
    join = ovn.ipv4.internal_join_subnet if ovn and ovn.ipv4 else None
    found = {f"machineNetwork[{at}].cidr": one.cidr for at, one in enumerate(full.machine_network)}
    found |= {f"serviceNetwork[{at}]": one for at, one in enumerate(full.service_network)}
    found |= {f"clusterNetwork[{at}].cidr": one.cidr for at, one in enumerate(full.cluster_network)}
    if join is not None:
        found["ovnKubernetesConfig.ipv4.internalJoinSubnet"] = join
    return {f"networking.{where}": cidr for where, cidr in found.items()}


def _unreadable(written: dict[str, str]) -> Iterator[Diagnostic]:
    for where, cidr in written.items():
        if read_network(cidr) is None:
            yield finding(
                Code.INVALID_OKD_NETWORK,
                where,
                f"{cidr!r} is no network",
                _meant(cidr) or "write it in CIDR notation, such as 10.7.0.0/24",
            )


def _meant(cidr: str) -> str | None:
    try:
        return f"it has host bits: did you mean {ip_network(cidr, strict=False)}?"
    except ValueError:
        return None


def _overlaps(ranges: list[_Range]) -> Iterator[Diagnostic]:
    moved = any(one.where.endswith("internalJoinSubnet") for one in ranges)
    internal = _INTERNAL if moved else (_JOIN, *_INTERNAL)
    own = [_Range("OVN-Kubernetes' own", ip_network(cidr)) for cidr in internal]
    for first, second in (*itertools.combinations(ranges, 2), *itertools.product(own, ranges)):
        if _overlap(first.network, second.network):
            yield finding(
                Code.OKD_NETWORKS_OVERLAP,
                second.where,
                f"{second.network} overlaps {first.where} {first.network}",
                "choose another network: no address may belong to two",
            )


def _overlap(first: IpNetwork, second: IpNetwork) -> bool:
    if isinstance(first, IPv4Network):
        return isinstance(second, IPv4Network) and first.overlaps(second)
    return isinstance(second, IPv6Network) and first.overlaps(second)


def _service_sizes(ranges: list[_Range]) -> Iterator[Diagnostic]:
    for one in ranges:
        sizes = _SERVICE_PREFIXES[one.network.version]
        if ".serviceNetwork[" in one.where and one.network.prefixlen not in sizes:
            yield finding(
                Code.INVALID_OKD_NETWORK,
                one.where,
                f"{one.network} is of a size with which the API server doesn't start",
                f"make it /{sizes[0]} to /{sizes[-1]}",
            )


def _families(ranges: list[_Range]) -> Iterator[Diagnostic]:
    """One network for Services in each family; with both, every list has both, IPv4 first."""
    lists = {
        name: [one.network.version for one in ranges if f".{name}[" in one.where]
        for name in ("machineNetwork", "serviceNetwork", "clusterNetwork")
    }
    families = set(itertools.chain(*lists.values()))
    for name, versions in lists.items():
        where = f"networking.{name}"
        if set(versions) != families and versions:
            lacking = ", ".join(f"IPv{one}" for one in sorted(families - set(versions)))
            help = f"add one of {lacking}, or leave that out everywhere"
            yield finding(Code.INVALID_OKD_NETWORK, where, f"has no network of {lacking}", help)
        if versions and 4 in families and versions[0] != 4:
            words = "IPv6 stands before IPv4"
            yield finding(Code.INVALID_OKD_NETWORK, where, words, "write the IPv4 network first")
    if len(services := lists["serviceNetwork"]) > len(set(services)):
        yield finding(
            Code.INVALID_OKD_NETWORK,
            "networking.serviceNetwork",
            "two networks of one family: the API server takes one",
            "keep one of them",
        )


def _host_prefixes(pods: tuple[ClusterNetwork, ...]) -> Iterator[Diagnostic]:
    first: int | None = None
    for at, one in enumerate(pods):
        network, prefix = read_network(one.cidr), one.host_prefix
        if network is None:
            continue
        where = f"networking.clusterNetwork[{at}].hostPrefix"
        if prefix is None:
            words, help = "is not said", "such as hostPrefix: 23, or 64 for IPv6"
        elif network.version == 6 and prefix != _IPV6_HOST_PREFIX:
            words, help = f"{prefix} is not 64", "an IPv6 network has hostPrefix: 64"
        elif not network.prefixlen <= prefix <= network.max_prefixlen - 2:
            words = f"a node can't take a /{prefix} out of {network}"
            help = f"choose a number from {network.prefixlen} to {network.max_prefixlen - 2}"
        elif network.version == 4 and first is not None and prefix != first:
            words, help = f"{prefix} is not that of the first, {first}", f"hostPrefix: {first}"
        else:
            first = prefix if first is None and network.version == 4 else first
            continue
        yield finding(Code.INVALID_OKD_NETWORK, where, words, help)


def _too_few(pods: tuple[ClusterNetwork, ...], nodes: int) -> Iterator[Diagnostic]:
    """Each node takes a range of each family."""
    room: dict[int, int] = {}
    for one in pods:
        network = read_network(one.cidr)
        if network is None or one.host_prefix is None or one.host_prefix < network.prefixlen:
            return
        ranges = 2 ** (min(one.host_prefix, network.max_prefixlen) - network.prefixlen)
        room[network.version] = room.get(network.version, 0) + ranges
    for version, ranges in room.items():
        if ranges < nodes:
            yield finding(
                Code.TOO_FEW_POD_RANGES,
                "networking.clusterNetwork",
                f"there are {ranges} IPv{version} ranges for the pods of {nodes} nodes",
                "take a larger network, or a larger number as hostPrefix",
            )


def _mtu(full: Networking) -> Iterator[Diagnostic]:
    if full.cluster_network_mtu is not None:
        yield finding(
            Code.INVALID_POD_MTU,
            "networking.clusterNetworkMTU",
            "the installer takes it on AWS alone",
            "leave it out and put the MTU into the manifest cluster-network-03-config.yml",
        )
