"""What both kinds of site share: the daemon's services, vault, artifacts, the ways into clusters.

A site is made of adapters and passes each question on to the one it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from harmony.domain.asset import Asset
from harmony.domain.capability.artifact_store import ArtifactQuery, ArtifactStore, Preparing
from harmony.domain.capability.asset_store import AssetStore, Fetching
from harmony.domain.capability.boot_service import (
    ArtifactsSpec,
    ArtifactUrlQuery,
    BootService,
    RamdiskSpec,
    SiteCa,
    SiteCaQuery,
)
from harmony.domain.capability.cluster_installer import (
    ClusterInstaller,
    InstallationAssetsQuery,
    InstallationAssetsSpec,
    ObservedInstallationAssets,
    SettledInstallation,
)
from harmony.domain.capability.dhcp_server import DhcpServer, Lease, LeaseQuery, Reservations
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.kubeconfig_store import Kubeconfig, KubeconfigStore
from harmony.domain.capability.kubernetes_api import (
    CsrApproval,
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
    PodAnswer,
    PodQuestion,
)
from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
)
from harmony.domain.capability.secret_vault import (
    GivenSecret,
    Secret,
    SecretQuery,
    SecretSpec,
    SecretVault,
)
from harmony.domain.outcome import Change, Outcome
from harmony.infra.provisioner_daemon import ProvisionerDaemon
from inventory.contribution import Artifact, DnsRecord
from inventory.site import Site


@dataclass(frozen=True, slots=True)
class SiteAdapters:
    """What a site is made of; only the way to power machines on differs between kinds of site."""

    site: Site
    daemon: ProvisionerDaemon
    artifacts: ArtifactStore
    assets: AssetStore
    installer: ClusterInstaller
    vault: SecretVault
    kubeconfigs: KubeconfigStore
    kubernetes: KubernetesApi
    power: PowerControl


class ServedSite(
    ArtifactStore,
    AssetStore,
    BootService,
    ClusterInstaller,
    DhcpServer,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    SecretVault,
):
    """All of MachineSite, out of adapters."""

    kind = "site"
    through_scores: ClassVar[frozenset[type]] = frozenset({KubernetesApi})

    def __init__(self, adapters: SiteAdapters) -> None:
        self._of = adapters

    def describe(self) -> str:
        """Such as `home`, the site's name."""
        return self._of.site.name

    async def ensure_ready(self) -> Outcome:
        """The daemon serves the site: nothing can be asked of machines before that."""
        change = await self._of.daemon.ensure_site()
        return Outcome.done(f"{self.kind} {self.describe()} is served", (change,))

    @override
    async def ask_artifact(self, query: ArtifactQuery) -> Artifact | Preparing:
        return await self._of.artifacts.ask_artifact(query)

    @override
    async def ensure_asset(self, spec: Asset) -> Change:
        return await self._of.assets.ensure_asset(spec)

    @override
    async def observe_asset(self, query: Asset) -> Artifact | Fetching:
        return await self._of.assets.observe_asset(query)

    @override
    async def ensure_installation_assets(self, spec: InstallationAssetsSpec) -> Change:
        return await self._of.installer.ensure_installation_assets(spec)

    @override
    async def observe_installation_assets(
        self, query: InstallationAssetsQuery
    ) -> ObservedInstallationAssets:
        return await self._of.installer.observe_installation_assets(query)

    @override
    async def ensure_settled_installation(self, spec: SettledInstallation) -> Change:
        return await self._of.installer.ensure_settled_installation(spec)

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        return await self._of.daemon.ensure_ramdisk(spec)

    @override
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change:
        return await self._of.daemon.ensure_artifacts(spec)

    @override
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str:
        return await self._of.daemon.observe_artifact_url(query)

    @override
    async def observe_site_ca(self, query: SiteCaQuery) -> SiteCa:
        return await self._of.daemon.observe_site_ca(query)

    @override
    async def ensure_reservations(self, spec: Reservations) -> Change:
        return await self._of.daemon.ensure_reservations(spec)

    @override
    async def observe_leases(self, query: LeaseQuery) -> tuple[Lease, ...]:
        return await self._of.daemon.observe_leases(query)

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        return await self._of.daemon.ensure_dns_records(spec)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        return await self._of.daemon.observe_dns_records(query)

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        return await self._of.daemon.ensure_installations(spec)

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        return await self._of.daemon.observe_machines(query)

    @override
    async def ensure_kubeconfig(self, spec: Kubeconfig) -> Change:
        return await self._of.kubeconfigs.ensure_kubeconfig(spec)

    @override
    async def ensure_object(self, spec: KubernetesObject) -> Change:
        return await self._of.kubernetes.ensure_object(spec)

    @override
    async def ensure_absent_object(self, spec: ObjectReference) -> Change:
        return await self._of.kubernetes.ensure_absent_object(spec)

    @override
    async def observe_objects(self, query: ObjectQuery) -> tuple[KubernetesObject, ...]:
        return await self._of.kubernetes.observe_objects(query)

    @override
    async def ask_pod(self, question: PodQuestion) -> PodAnswer:
        return await self._of.kubernetes.ask_pod(question)

    @override
    async def ensure_csr_approved(self, spec: CsrApproval) -> Change:
        return await self._of.kubernetes.ensure_csr_approved(spec)

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        return await self._of.power.ensure_power(spec)

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        return await self._of.power.observe_power(query)

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        return await self._of.vault.ensure_secret(spec)

    @override
    async def ensure_given_secret(self, spec: GivenSecret) -> Change:
        return await self._of.vault.ensure_given_secret(spec)

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        return await self._of.vault.observe_secret(query)
