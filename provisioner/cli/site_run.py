"""Puts a run together: the adapters of a site, and the parts that `carry_out` works with."""

from __future__ import annotations

import time

from harmony.domain.capability.artifact_store import Preparing
from harmony.domain.capability.power_control import PowerControl
from harmony.infra.built_artifacts import BuiltArtifacts
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.declared_power import DeclaredPower
from harmony.infra.file_vault import FileVault
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.infra.libvirt_machines import LibvirtMachines
from harmony.infra.libvirt_power import LibvirtPower
from harmony.infra.operator_power import OperatorPower
from harmony.infra.provisioner_daemon import ProvisionerDaemon, boot_network
from harmony.infra.wake_on_lan import WakeOnLanPower
from harmony.topologies.bare_metal import BareMetalSite
from harmony.topologies.lab import LabSite
from harmony.topologies.served_site import ServedSite, SiteAdapters
from inventory.contribution import Artifact
from inventory.site import Site
from kvm.lab.lab import Lab
from provisioner.cli.carry_out import Run
from provisioner.cli.daemon_keeper import DaemonKeeper
from provisioner.cli.host_rows import HostRows
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.marks import NotedStarts
from provisioner.cli.places import StatePlace
from provisioner.cli.ramdisk_offer import RamdiskOffer
from provisioner.cli.views import Watch

SECONDS_BETWEEN_STARTS = 8.0
"""Machines are powered on one after the other: their network boots would only slow each other."""


def bare_metal_run(
    site: Site, place: StatePlace, builds: ImageBuilds, watch: Watch
) -> tuple[Run, BareMetalSite]:
    """For `serve`: hosts are powered on in the way each declares."""
    client = DaemonClient(place.admin_socket)
    daemon = ProvisionerDaemon(client, site)
    waking = WakeOnLanPower(
        lambda host: boot_network(site, host).ip_address, daemon, SECONDS_BETWEEN_STARTS
    )
    power = DeclaredPower(waking, OperatorPower(daemon))
    topology = BareMetalSite(_adapters(site, place, daemon, builds, power))
    hosts = HostRows(client.get, watch.tell, keep_events=False)
    return _run(place, watch, client, builds, topology, hosts), topology


def lab_run(
    site: Site, place: StatePlace, builds: ImageBuilds, watch: Watch, lab: Lab
) -> tuple[Run, LabSite]:
    """For `rehearse`: the machines are the lab's."""
    client = DaemonClient(place.admin_socket)
    daemon = ProvisionerDaemon(client, site)
    hosts = HostRows(client.get, watch.tell)
    power = LibvirtPower(NotedStarts(lab, hosts.marks.append, time.time), SECONDS_BETWEEN_STARTS)
    adapters = _adapters(site, place, daemon, builds, power)
    topology = LabSite(adapters, LibvirtMachines(lab.host, place.machines))
    return _run(place, watch, client, builds, topology, hosts), topology


def _adapters(
    site: Site,
    place: StatePlace,
    daemon: ProvisionerDaemon,
    builds: ImageBuilds,
    power: PowerControl,
) -> SiteAdapters:
    kubeconfigs = KubeconfigFiles(place.kubeconfigs)
    return SiteAdapters(
        site=site,
        daemon=daemon,
        artifacts=BuiltArtifacts(lambda name: _found(builds, name)),
        vault=FileVault(place.vault / "secrets", time.time),
        kubeconfigs=kubeconfigs,
        kubernetes=KubernetesClient(kubeconfigs),
        power=power,
    )


def _run(
    place: StatePlace,
    watch: Watch,
    client: DaemonClient,
    builds: ImageBuilds,
    topology: ServedSite,
    hosts: HostRows,
) -> Run:
    return Run(
        watch=watch,
        daemon=DaemonKeeper(place.daemon, place.daemon_log, client.answers, watch.say),
        hosts=hosts,
        site=topology,
        builds=builds,
        ramdisk=RamdiskOffer(builds, topology, client),
    )


def _found(builds: ImageBuilds, name: str) -> Artifact | Preparing:
    found = builds.find(name)
    if isinstance(found, Artifact):
        return found
    return Preparing(found.name, int(found.percent), found.remaining_seconds)
