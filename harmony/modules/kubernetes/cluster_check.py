"""What can be wrong with a cluster's declaration, found without touching anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from harmony.modules.kubernetes.plan import api_names, pod_range
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.place import place_of, refused
from inventory.site import Site
from inventory.text import is_dns_label, is_dns_name

_LONGEST_POD_PREFIX = 23
# kube-apiserver starts with no other range: 20 bits of addresses at the most, 8 addresses at least.
_SERVICE_PREFIXES = range(12, 30)


@dataclass(frozen=True, slots=True)
class ClusterWishes:
    """The fields of a cluster's declaration."""

    name: str
    domain: str
    control_plane: tuple[Host, ...]
    workers: tuple[Host, ...]
    pod_network: str
    service_network: str

    @property
    def hosts(self) -> tuple[Host, ...]:
        return (*self.control_plane, *self.workers)


def check_cluster(score: object, wishes: ClusterWishes, site: Site) -> tuple[Diagnostic, ...]:
    """All findings; `score` is what was written, for its place."""
    return (
        *_names(score, wishes),
        *_control_plane_count(score, wishes),
        *_named_twice(score, wishes),
        *unaddressed(score, wishes.hosts),
        *_two_networks(score, wishes, site),
        *_ranges(score, wishes, site),
    )


def _names(score: object, wishes: ClusterWishes) -> Iterator[Diagnostic]:
    if not is_dns_label(wishes.name):
        yield Diagnostic(
            Code.INVALID_CLUSTER_NAME,
            f"{wishes.name!r} is no name for a cluster",
            place_of(score, "name"),
            "not a name",
            help=("lower-case letters, digits and hyphens, such as home or rack-7",),
        )
    if not all(map(is_dns_name, api_names(wishes.domain))):
        yield Diagnostic(
            Code.INVALID_CLUSTER_NAME,
            f"{wishes.domain!r} is no domain for a cluster",
            place_of(score, "domain"),
            "not a domain",
            help=("lower-case letters, digits and hyphens between dots, such as home.example",),
        )


def _control_plane_count(score: object, wishes: ClusterWishes) -> Iterator[Diagnostic]:
    count = len(wishes.control_plane)
    if count == 1:
        return
    why = (
        "with no control plane there is no API"
        if count == 0
        else "with an even number etcd survives no more losses than with one less"
        if count % 2 == 0
        else "several control planes need a load balancer before their API"
    )
    yield Diagnostic(
        Code.CONTROL_PLANE_COUNT,
        f"cluster {wishes.name!r} cannot have {count} control-plane hosts",
        place_of(score, "control_plane"),
        f"{count} hosts",
        notes=(why,),
        help=("give it exactly one for now: control_plane=[cp1]",),
    )


def _named_twice(score: object, wishes: ClusterWishes) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for host in wishes.hosts:
        if host.name in seen:
            yield Diagnostic(
                Code.HOST_TWICE_IN_CLUSTER,
                f"host {host.name!r} is twice in cluster {wishes.name!r}",
                place_of(score, "workers"),
                "named again",
                help=("a host is either control plane or worker: name it once",),
            )
        seen.add(host.name)


def unaddressed(score: object, hosts: Iterable[Host]) -> Iterator[Diagnostic]:
    """A finding for each host without an address of its own."""
    for host in hosts:
        if host.address is None and not refused(host):
            yield Diagnostic(
                Code.NODE_WITHOUT_ADDRESS,
                f"host {host.name!r} has no address, and a node must keep the one it has",
                place_of(host) or place_of(score),
                "needs an address",
                notes=("certificates, routes and its pods' range follow from it",),
                help=(f'give it one: Host("{host.name}", address="…")',),
            )


def _two_networks(score: object, wishes: ClusterWishes, site: Site) -> Iterator[Diagnostic]:
    """Nodes send each other's pods the packets directly, with no router between them."""
    first: tuple[str, str] | None = None
    for host in wishes.hosts:
        network = _network_of(host, site)
        if network is None:
            continue
        before, common = first = first or (host.name, network)
        if network != common:
            yield Diagnostic(
                Code.CLUSTER_IN_TWO_NETWORKS,
                f"{before!r} is in network {common!r} and {host.name!r} in {network!r}",
                place_of(host, "address") or place_of(score),
                f"in {network}",
                notes=("nodes reach each other's pods directly, so they share one network",),
                help=(f"give every host of cluster {wishes.name!r} an address in {common!r}",),
            )


def _network_of(host: Host, site: Site) -> str | None:
    address = _address(host)
    for one in site.networks:
        subnet = _network(one.subnet)
        if address is not None and subnet is not None and address in subnet:
            return one.name
    return None


def _ranges(score: object, wishes: ClusterWishes, site: Site) -> Iterable[Diagnostic]:
    pods = _network(wishes.pod_network)
    services = _network(wishes.service_network)
    found: list[Diagnostic] = []
    if pods is None or pods.prefixlen > _LONGEST_POD_PREFIX:
        sizes = f"/{_LONGEST_POD_PREFIX} or larger"
        found.append(_bad_network(score, "pod_network", wishes.pod_network, sizes, "10.244.0.0/16"))
    if services is None or services.prefixlen not in _SERVICE_PREFIXES:
        sizes = f"/{_SERVICE_PREFIXES[0]} to /{_SERVICE_PREFIXES[-1]}"
        found.append(
            _bad_network(score, "service_network", wishes.service_network, sizes, "10.96.0.0/12")
        )
    if found or pods is None or services is None:
        return found
    return [*_overlaps(score, site, pods, services), *_shared_ranges(score, wishes, pods)]


def _overlaps(
    score: object, site: Site, pods: IPv4Network, services: IPv4Network
) -> Iterator[Diagnostic]:
    taken = {f"network {one.name!r}": _network(one.subnet) for one in site.networks}
    wanted = {"pod_network": pods, "service_network": services}
    for argument, network in wanted.items():
        for words, other in taken.items():
            if other is not None and network.overlaps(other):
                yield Diagnostic(
                    Code.CLUSTER_NETWORK_OVERLAPS,
                    f"{argument} {network} overlaps {words} {other}",
                    place_of(score, argument),
                    "overlaps",
                    help=(f"choose another: {argument}=…",),
                )
        taken[argument] = network


def _shared_ranges(score: object, wishes: ClusterWishes, pods: IPv4Network) -> Iterator[Diagnostic]:
    first: dict[IPv4Network, str] = {}
    addressed = [host for host in wishes.hosts if _address(host) is not None]
    for host in {host.name: host for host in addressed}.values():
        own = pod_range(str(host.address), pods)
        before = first.setdefault(own, host.name)
        if before != host.name:
            yield Diagnostic(
                Code.POD_RANGE_SHARED,
                f"the addresses of {before!r} and {host.name!r} lead to the same pod range {own}",
                place_of(host, "address") or place_of(score),
                f"pods of {own}, as {before}",
                notes=("a host's pod range is numbered by the last bits of its address",),
                help=("give one of them another address, or the cluster a larger pod_network",),
            )


def _bad_network(
    score: object, argument: str, written: str, sizes: str, example: str
) -> Diagnostic:
    return Diagnostic(
        Code.INVALID_CLUSTER_NETWORK,
        f"{argument} {written!r} is not an IPv4 network that a cluster can use",
        place_of(score, argument),
        f"not an IPv4 network of {sizes}",
        help=(f'such as {argument}="{example}"',),
    )


def _network(written: str) -> IPv4Network | None:
    try:
        return IPv4Network(written)
    except ValueError:
        return None


def _address(host: Host) -> IPv4Address | None:
    try:
        return IPv4Address(host.address or "")
    except ValueError:
        return None
