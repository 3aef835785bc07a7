"""What this product knows, fixed in code: Score classes, topologies. There is no plugin loading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from harmony.domain.asset import Asset
from harmony.domain.order import AnyScore
from harmony.domain.score import Score
from harmony.domain.site_judgement import hosts_in
from harmony.modules.assets.assets import Assets
from harmony.modules.kubernetes.cluster import KubernetesCluster
from harmony.modules.kubernetes.deployment import Deployment
from harmony.modules.kubernetes.namespace import Namespace
from harmony.modules.machines.installed_hosts import InstalledHosts
from harmony.modules.okd.cluster_names import OkdClusterNames
from harmony.modules.okd.installation_assets import OkdInstallationAssets
from harmony.topologies.bare_metal import BareMetalSite
from harmony.topologies.lab import LabSite
from kvm.lab.limits import Role
from provisioner.cli.image_builds import BUILDS

KINDS: Final[tuple[type[Score[Any]], ...]] = (
    Assets,
    Deployment,
    InstalledHosts,
    KubernetesCluster,
    Namespace,
    OkdClusterNames,
    OkdInstallationAssets,
)
"""Every Score that can be declared, read back from JSON, and named in help."""

TOPOLOGIES: Final[tuple[type, ...]] = (BareMetalSite, LabSite)
"""Every topology, for the help of a diagnostic that misses a capability."""

PRODUCTION: Final[type[Any]] = BareMetalSite
"""What `check` judges against: the topology of `provisioner serve`."""

REHEARSAL: Final[type[Any]] = LabSite
"""The topology of `provisioner rehearse`."""


NEEDED_BY_ALL: Final = ("boot-programs", "ramdisk", "node-image")
"""What is built for any site."""


def builds_of(scores: Iterable[AnyScore]) -> tuple[str, ...]:
    """What has to be built for these Scores, in the order in which it is needed."""
    if any(isinstance(score, KubernetesCluster) for score in scores):
        return BUILDS
    return tuple(name for name in BUILDS if name in NEEDED_BY_ALL)


def assets_of(scores: Iterable[AnyScore]) -> tuple[Asset, ...]:
    """The files from elsewhere that these Scores want."""
    return tuple(asset for score in scores for asset in _assets_in(score))


def _assets_in(score: AnyScore) -> tuple[Asset, ...]:
    if isinstance(score, Assets):
        return tuple(score.assets)
    return (score.installer,) if isinstance(score, OkdInstallationAssets) else ()


def clusters_of(scores: Iterable[AnyScore]) -> tuple[str, ...]:
    """The names of the clusters that these Scores make."""
    return tuple(score.name for score in scores if isinstance(score, KubernetesCluster))


def hosts_of(scores: Iterable[AnyScore]) -> frozenset[str]:
    """The names of the hosts that these Scores use: a spare that none of them names stays off."""
    return frozenset(host.name for score in scores for _, host in hosts_in(score))


def roles_of(scores: Iterable[AnyScore]) -> dict[str, Role]:
    """What each host of a cluster will do, by name: it decides how big its virtual machine is."""
    roles: dict[str, Role] = {}
    for score in scores:
        if isinstance(score, KubernetesCluster):
            roles |= {host.name: Role.WORKER for host in score.workers}
            roles |= {host.name: Role.CONTROL_PLANE for host in score.control_plane}
    return roles
