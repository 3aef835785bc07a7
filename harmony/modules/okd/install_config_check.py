"""All that can be wrong with an install-config, found without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from harmony.modules.okd.capabilities import check_capabilities
from harmony.modules.okd.document import finding
from harmony.modules.okd.image_mirrors import check_mirrors
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.network_check import IpNetwork, check_networking, read_network
from harmony.modules.okd.networking import Networking
from harmony.modules.okd.proxy_check import check_proxy
from harmony.modules.okd.release import Release
from harmony.modules.okd.trust_bundle import check_trust_bundle
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.text import is_dns_label, is_dns_name

# The longest of the names that every cluster has.
_LONGEST = "console-openshift-console.apps"


class Way(StrEnum):
    """How it is installed: machines fetch their Ignition by themselves, or the agent leads them."""

    USER_PROVISIONED = "user-provisioned"
    AGENT = "agent-based"


@dataclass(frozen=True, slots=True)
class Cluster:
    """What is to become of an install-config: `workers` are those declared."""

    release: Release
    way: Way
    control_planes: int
    workers: int


def check_install_config(config: InstallConfig, cluster: Cluster) -> tuple[Diagnostic, ...]:
    networking = config.networking or Networking()
    nodes = cluster.control_planes + cluster.workers
    return (
        *_names(config),
        *_control_planes(config, cluster),
        *_compute(config, cluster),
        *_in_place(config, cluster),
        *check_networking(networking, nodes),
        *(check_proxy(config.proxy, _inside(networking)) if config.proxy else ()),
        *check_mirrors(config),
        *(check_capabilities(config.capabilities, cluster.release) if config.capabilities else ()),
        *(
            check_trust_bundle(config.additional_trust_bundle)
            if config.additional_trust_bundle is not None
            else ()
        ),
    )


def _inside(networking: Networking) -> tuple[IpNetwork, ...]:
    full = networking.in_full()
    cidrs = (*(one.cidr for one in full.cluster_network), *full.service_network)
    return tuple(network for cidr in cidrs if (network := read_network(cidr)) is not None)


def _names(config: InstallConfig) -> Iterator[Diagnostic]:
    name, domain = config.metadata.name, config.base_domain
    if not is_dns_label(name):
        help = "lower-case letters, digits and hyphens, such as home or rack-7"
        yield finding(Code.INVALID_OKD_NAME, "metadata.name", f"{name!r} is no name", help)
    if not is_dns_name(domain):
        help = "lower-case letters, digits and hyphens between dots, such as home.example"
        yield finding(Code.INVALID_OKD_NAME, "baseDomain", f"{domain!r} is no domain", help)
    elif len(longest := f"{_LONGEST}.{config.domain}") > 253:
        words = f"{longest!r} has {len(longest)} letters, and a name has 253 at most"
        yield finding(Code.INVALID_OKD_NAME, "baseDomain", words, "choose a shorter domain")


def _control_planes(config: InstallConfig, cluster: Cluster) -> Iterator[Diagnostic]:
    where = "controlPlane.replicas"
    pool, booted = config.control_plane, cluster.control_planes
    written = 3 if pool is None or pool.replicas is None else pool.replicas
    if pool is not None and pool.name != "master":
        yield _count("controlPlane.name", f"is {pool.name!r}", "name: master")
    if written != booted:
        words = f"{written} is not the number of machines that are booted, {booted}"
        yield _count(where, words, f"replicas: {booted}")
    allowed = cluster.release.control_planes
    if booted not in allowed:
        numbers = f"{', '.join(map(str, allowed[:-1]))} or {allowed[-1]}"
        words = f"{cluster.release} is not installed with {booted} control planes"
        yield _count(where, words, f"take {numbers}")


def _compute(config: InstallConfig, cluster: Cluster) -> Iterator[Diagnostic]:
    pools = config.compute
    if any(pool.name != "worker" for pool in pools) or len(pools) > 1:
        yield _count("compute", "has another pool than worker", "keep the one with name: worker")
        return
    control = config.control_plane.architecture if config.control_plane else None
    if pools and (pools[0].architecture or "amd64") != (control or "amd64"):
        words = "is another one than that of the control plane"
        yield _count("compute[0].architecture", words, "write the same at both")
    written = 3 if not pools or pools[0].replicas is None else pools[0].replicas
    wanted = cluster.workers if cluster.way is Way.AGENT else 0
    if written != wanted:
        why = (
            "is not the number of workers declared"
            if cluster.way is Way.AGENT
            else "workers are awaited, and here machines join by themselves"
        )
        words = f"{written} {why}" if pools else f"nothing is said, which is 3: {why}"
        yield _count(
            "compute[0].replicas", words, f"compute: [{{name: worker, replicas: {wanted}}}]"
        )
    if cluster.way is Way.AGENT and cluster.control_planes == 1 and cluster.workers:
        words = "the agent-based installer takes no workers beside a single control plane"
        yield _count("compute[0].replicas", words, "add them later, or take three control planes")


def _in_place(config: InstallConfig, cluster: Cluster) -> Iterator[Diagnostic]:
    if config.bootstrap_in_place is None:
        return
    where = "bootstrapInPlace"
    if (cluster.control_planes, cluster.workers) != (1, 0):
        words = "a machine that bootstraps in place is the only one of its cluster"
        yield _count(where, words, "leave it out, or declare one control plane and no workers")
    if not config.bootstrap_in_place.installation_disk.startswith("/dev/"):
        disk = config.bootstrap_in_place.installation_disk
        words = f"{disk!r} is no path of a disk"
        yield _count(
            f"{where}.installationDisk", words, "such as /dev/disk/by-id/wwn-0x5000c500a1b2c3d4"
        )


def _count(where: str, words: str, help: str) -> Diagnostic:
    return finding(Code.OKD_NODE_COUNT, where, words, help)
