"""Puts a run together: the adapters of a site, and the parts that `carry_out` works with.

What serves real machines needs no libvirt; a rehearsal's part is in `lab_run.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from harmony.domain.capability.artifact_store import Preparing
from harmony.domain.capability.power_control import PowerControl
from harmony.domain.capability.secret_vault import SecretVault
from harmony.domain.order import AnyScore
from harmony.infra.asset_downloads import AssetDownloads, folder_in, sources_with
from harmony.infra.built_artifacts import BuiltArtifacts
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.declared_power import DeclaredPower
from harmony.infra.dynamic_dns.server import DynamicDns
from harmony.infra.file_vault import FileVault
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.infra.openshift_install.memory_folder import memory_folder
from harmony.infra.openshift_install.openshift_installer import (
    InstallerSettings,
    OpenshiftInstaller,
)
from harmony.infra.operator_power import OperatorPower
from harmony.infra.provisioner_daemon import ProvisionerDaemon, boot_network
from harmony.infra.s3_credentials import CredentialsFiles
from harmony.infra.wake_on_lan import WakeOnLanPower
from harmony.topologies.bare_metal import BareMetalSite
from harmony.topologies.served_site import ServedSite, SiteAdapters
from inventory.contribution import Artifact
from inventory.site import Site
from provisioner.cli.asset_rows import asset_row
from provisioner.cli.board import RowChanged
from provisioner.cli.carry_out import Run
from provisioner.cli.daemon_keeper import START_SECONDS, DaemonKeeper, Keeper
from provisioner.cli.foreign_dhcp_watch import ForeignDhcpWatch
from provisioner.cli.host_rows import HostRows
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.joined_daemon import JoinedDaemon
from provisioner.cli.known import hosts_of
from provisioner.cli.patience import calibrate
from provisioner.cli.places import StatePlace, credentials_files
from provisioner.cli.ramdisk_offer import OWNER, RamdiskOffer
from provisioner.cli.views import Watch
from provisioner.images.boot_programs import folder_in as programs_in
from provisioner.images.calling import caller

SECONDS_BETWEEN_STARTS = 8.0
"""Machines are powered on one after the other: their network boots would only slow each other."""


def bare_metal_run(
    site: Site,
    scores: Collection[AnyScore],
    place: StatePlace,
    builds: ImageBuilds,
    watch: Watch,
    *,
    join: bool = False,
) -> tuple[Run, BareMetalSite]:
    """For `serve`: hosts are powered on in the way each declares, and no build that fails ends it. With
    `join` the daemon is not this run's own: systemd keeps it, with boot programs that it has. Then
    `install-service` has built everything, unless this program is another one since."""
    client = DaemonClient(place.admin_socket)
    joined = JoinedDaemon(place.admin_socket, client.answers, watch.say, patience=_patience())
    keeper: Keeper = joined if join else own_daemon(place, builds.cache, client, watch)
    daemon = daemon_of(client, site, scores)
    waking = WakeOnLanPower(
        lambda host: boot_network(site, host).ip_address, daemon, SECONDS_BETWEEN_STARTS
    )
    power = DeclaredPower(waking, OperatorPower(daemon))
    adapters = adapters_of(site, place, daemon, builds, power, watch.tell)
    topology = BareMetalSite(adapters, names_of(site, adapters.vault, scores))
    spares = {host.name for host in site.hosts} - hosts_of(scores)
    hosts = HostRows(client.get, watch.tell, spares=spares, keep_events=False)
    run = run_of(keeper, watch, client, builds, topology, hosts)
    again = (
        " (`provisioner install-service SITE.py` builds what this version needs)" if join else ""
    )
    run.building = lambda: builds.persist(lambda words: watch.say(words + again))
    run.needed_first = () if join else run.needed_first
    return run, topology


def daemon_of(client: DaemonClient, site: Site, scores: Iterable[AnyScore]) -> ProvisionerDaemon:
    """The daemon as what serves the site and the wishes of these Scores, and no others."""
    return ProvisionerDaemon(client, site, (OWNER, *(score.key() for score in scores)))


def names_of(site: Site, vault: SecretVault, scores: Iterable[AnyScore]) -> DynamicDns | None:
    """The site's own name server as what has the names that these Scores want."""
    if site.name_server is None:
        return None
    return DynamicDns(site.name_server, site.name, vault, [score.key() for score in scores])


def own_daemon(place: StatePlace, cache: Path, client: DaemonClient, watch: Watch) -> DaemonKeeper:
    """The daemon as a child of this command; its boot programs lie in `cache`, and maybe its compiled
    modules."""
    programs = programs_in(cache)
    answers, patience = client.answers, _patience()
    return DaemonKeeper(
        place.daemon, programs, place.daemon_log, answers, watch.say, patience, cache
    )


def _patience() -> float:
    """For a daemon's start, on this machine as busy as it is."""
    return START_SECONDS * calibrate(time.monotonic)


def adapters_of(
    site: Site,
    place: StatePlace,
    daemon: ProvisionerDaemon,
    builds: ImageBuilds,
    power: PowerControl,
    tell: Callable[[RowChanged], None],
) -> SiteAdapters:
    """Everything a site's Scores work with; how its hosts are powered on is the one difference."""
    kubeconfigs = KubeconfigFiles(place.kubeconfigs)
    return SiteAdapters(
        site=site,
        daemon=daemon,
        artifacts=BuiltArtifacts(lambda name: _found(builds, name)),
        assets=AssetDownloads(
            folder_in(builds.cache, caller()),
            sources_with(CredentialsFiles(credentials_files(place))),
            enter=builds.enter_network,
            tell=lambda told: tell(asset_row(told)),
        ),
        installer=installer_in(place.installations),
        vault=FileVault(place.secrets, time.time),
        kubeconfigs=kubeconfigs,
        kubernetes=KubernetesClient(kubeconfigs),
        power=power,
    )


def installer_in(folder: Path) -> OpenshiftInstaller:
    """Its plain folders are in memory where that can be had, else in `folder` too."""
    scratch = memory_folder(Path("/proc/self/mounts").read_text(), folder / "plain")
    return OpenshiftInstaller(InstallerSettings(folder, scratch), time.time)


def run_of(
    daemon: Keeper,
    watch: Watch,
    client: DaemonClient,
    builds: ImageBuilds,
    topology: ServedSite,
    hosts: HostRows,
) -> Run:
    """The parts over one daemon and one topology."""
    return Run(
        watch=watch,
        daemon=daemon,
        hosts=hosts,
        foreign_dhcp=ForeignDhcpWatch(client.get, watch.say),
        site=topology,
        builds=builds,
        building=builds.run,
        ramdisk=RamdiskOffer(builds, topology, client),
    )


def _found(builds: ImageBuilds, name: str) -> Artifact | Preparing:
    found = builds.find(name)
    if isinstance(found, Artifact):
        return found
    return Preparing(found.name, int(found.percent), found.remaining_seconds)
