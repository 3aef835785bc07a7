"""Puts a rehearsal's run together: the same parts as a real site's, over the lab's machines."""

from __future__ import annotations

import time
from collections.abc import Iterable

from harmony.domain.order import AnyScore
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.libvirt_machines import LibvirtMachines
from harmony.infra.libvirt_power import LibvirtPower
from harmony.topologies.lab import LabSite
from inventory.site import Site
from kvm.lab.lab import Lab
from provisioner.cli.carry_out import Run
from provisioner.cli.host_rows import HostRows
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.marks import NotedStarts
from provisioner.cli.partial_power import PartialPower
from provisioner.cli.places import StatePlace
from provisioner.cli.site_run import (
    SECONDS_BETWEEN_STARTS,
    adapters_of,
    daemon_of,
    own_daemon,
    run_of,
)
from provisioner.cli.views import Watch


def lab_run(
    site: Site,
    scores: Iterable[AnyScore],
    place: StatePlace,
    builds: ImageBuilds,
    watch: Watch,
    lab: Lab,
) -> tuple[Run, LabSite]:
    """For `rehearse`: the machines are the lab's, the other hosts of the site stay off."""
    client = DaemonClient(place.admin_socket)
    daemon = daemon_of(client, site, scores)
    rehearsed = {machine.name for machine in lab.machines}
    spares = {host.name for host in site.hosts} - rehearsed
    hosts = HostRows(client.get, watch.tell, spares=spares)
    switched = LibvirtPower(NotedStarts(lab, hosts.marks.append, time.time), SECONDS_BETWEEN_STARTS)
    power = PartialPower(switched, rehearsed)
    adapters = adapters_of(site, place, daemon, builds, power, watch.tell)
    topology = LabSite(adapters, LibvirtMachines(lab.host, place.machines))
    keeper = own_daemon(place, builds.cache, client, watch)
    return run_of(keeper, watch, client, builds, topology, hosts), topology
