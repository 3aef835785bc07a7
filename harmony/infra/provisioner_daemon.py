"""DhcpServer, DnsServer, BootService and InstalledMachines, by the provisioner's own daemon.

Each `ensure_…` is one PUT of one contribution, owned by the Score and the capability together.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from harmony.domain.capability.boot_service import (
    ArtifactsSpec,
    ArtifactUrlQuery,
    BootService,
    RamdiskSpec,
    SiteCa,
    SiteCaQuery,
)
from harmony.domain.capability.dhcp_server import DhcpServer, Lease, LeaseQuery, Reservations
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    LastOrder,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.outcome import Change
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.errors import ReservationRefusedError
from inventory.contribution import Contribution, DnsRecord
from inventory.host import Host
from inventory.machine_state import MachineState
from inventory.network import Network
from inventory.site import Site

HTTP_PORT = 80
HTTPS_PORT = 443
_LEASES = ("leased", "expired")
"""Of the addresses that the daemon tells of: not those that are only reserved, or not to be had."""


class ProvisionerDaemon(DhcpServer, DnsServer, BootService, InstalledMachines):
    """The daemon that serves `site`, as capabilities. `owners` are all whose wishes count, such as the
    keys of the declaration's Scores: others, of an earlier declaration, have none any more."""

    def __init__(self, client: DaemonClient, site: Site, owners: Iterable[str]) -> None:
        self._client = client
        self._site = site
        parts = ("artifacts", "dns", "installations", "ramdisk")
        self._owners = tuple(sorted(f"{owner}/{part}" for owner in owners for part in parts))

    async def ensure_site(self) -> Change:
        """The site itself, as the owner `site`, and who has wishes. Raises ContributionRefusedError."""
        wish = Contribution("site", site=self._site, owners=self._owners)
        return await self._client.put_contribution(wish)

    @override
    async def ensure_reservations(self, spec: Reservations) -> Change:
        """The daemon reserves what the site declares: another address is refused.

        Raises ReservationRefusedError.
        """
        declared = {
            nic.mac: host.address for host in self._site.hosts for nic in tuple(host.nics)[:1]
        }
        for wanted in spec.reservations:
            if declared.get(wanted.mac) != wanted.address:
                raise ReservationRefusedError(
                    f"{wanted.address} for {wanted.mac} is not declared: give that host its "
                    "`address` in the site"
                )
        return Change(False, "declared by the site")

    @override
    async def observe_leases(self, query: LeaseQuery) -> tuple[Lease, ...]:
        leases = await self._client.get("/v1/leases")
        return tuple(
            Lease(one["mac"], one["address"], one.get("host") or "", one["expires"])
            for one in leases
            if one["state"] in _LEASES and (not query.macs or one["mac"] in query.macs)
        )

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        wish = Contribution(f"{spec.owner}/dns", records=spec.records)
        return await self._client.put_contribution(wish)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        """Those that owners have contributed; the hosts' own names follow from the site."""
        found: list[DnsRecord] = []
        for one in await self._client.get("/v1/contributions"):
            document = await self._client.get(f"/v1/contributions/{quote(one['owner'])}")
            found += [DnsRecord(**record) for record in document["records"]]
        return tuple(record for record in found if not query.names or record.name in query.names)

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        wish = Contribution(f"{spec.owner}/ramdisk", ramdisk=spec.ramdisk)
        return await self._client.put_contribution(wish)

    @override
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change:
        wish = Contribution(f"{spec.owner}/artifacts", artifacts=spec.artifacts)
        return await self._client.put_contribution(wish)

    @override
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str:
        """On the jump host's address in the network of the host's first NIC."""
        network = boot_network(self._site, query.host)
        name = query.artifact.name.rpartition("/")[2]
        base = base_url(self._site, network, secure=query.secure)
        return f"{base}/artifacts/{query.artifact.sha256}/{name}"

    @override
    async def observe_site_ca(self, query: SiteCaQuery) -> SiteCa:
        """One for all hosts."""
        status = await self._client.get("/v1/status")
        return SiteCa(status["ca_certificate"], status["ca_sha256"])

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        wish = Contribution(f"{spec.owner}/installations", installations=spec.installations)
        return await self._client.put_contribution(wish)

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        hosts = await self._client.get("/v1/hosts")
        found = {one["host"]: _condition(one) for one in hosts}
        names = query.hosts or tuple(found)
        return tuple(found.get(name, MachineCondition(name, None)) for name in names)


def base_url(site: Site, network: Network, *, secure: bool) -> str:
    """How the network's machines reach the boot service; without a last slash."""
    if secure and site.https_port is not None:
        port = "" if site.https_port == HTTPS_PORT else f":{site.https_port}"
        return f"https://{network.address}{port}"
    port = "" if site.http_port == HTTP_PORT else f":{site.http_port}"
    return f"http://{network.address}{port}"


def boot_network(site: Site, host: Host) -> Network:
    """The network its first NIC names, else the one its address is in, else the first."""
    networks = {network.name: network for network in site.networks}
    first = next(iter(host.nics), None)
    if first is not None and first.network in networks:
        return networks[first.network]
    if host.address is not None:
        for network in networks.values():
            if IPv4Address(host.address) in network.ip_network:
                return network
    return next(iter(networks.values()))


def _condition(view: dict[str, Any]) -> MachineCondition:
    hardware: dict[str, Any] = view.get("hardware") or {}
    state = view.get("state")
    order: dict[str, Any] | None = view.get("installed_order")
    return MachineCondition(
        host=view["host"],
        state=None if state is None else MachineState(state),
        since=view["since"],
        mac=view.get("machine"),
        address=view.get("address"),
        system_uuid=hardware.get("system_uuid"),
        waiting_for=view.get("waiting_for") or "",
        reason=view.get("reason") or None,
        silent=bool(view.get("silent")),
        order=None if order is None else _order(order),
    )


def _order(view: dict[str, Any]) -> LastOrder:
    return LastOrder(view["at"], view["image_sha256"], view["ignition_sha256"])
