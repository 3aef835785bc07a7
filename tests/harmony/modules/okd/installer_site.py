"""A topology with a real installer in it, under a clock that tests set; the rest is kept in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import AssetStore, Fetching
from harmony.domain.capability.cluster_installer import (
    ClusterInstaller,
    InstallationAssetsQuery,
    InstallationAssetsSpec,
    ObservedInstallationAssets,
    SettledInstallation,
)
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    LastOrder,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.secret_vault import (
    GivenSecret,
    Secret,
    SecretQuery,
    SecretSpec,
    SecretVault,
)
from harmony.domain.outcome import Change, Outcome
from harmony.infra.openshift_install.openshift_installer import (
    InstallerSettings,
    OpenshiftInstaller,
)
from inventory.contribution import Artifact
from inventory.machine_state import MachineState
from tests.harmony.modules.okd.examples import SECRETS

NOON = 1_772_366_400.0
"""2026-03-01 12:00 UTC"""
HOUR = 3600.0


@dataclass
class InstallerSite(AssetStore, ClusterInstaller, InstalledMachines, SecretVault):
    """`program` is what the installer's asset turns out to be; `now` in epoch seconds."""

    folder: Path
    program: Artifact | Fetching
    now: float = NOON
    secrets: dict[str, str] = field(default_factory=SECRETS.copy)
    machines: dict[str, MachineCondition] = field(default_factory=dict[str, MachineCondition])
    writes: list[str] = field(default_factory=list[str])
    specs: list[InstallationAssetsSpec] = field(default_factory=list[InstallationAssetsSpec])

    def describe(self) -> str:
        return "recording"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    @property
    def installer(self) -> OpenshiftInstaller:
        settings = InstallerSettings(self.folder / "kept", self.folder / "scratch")
        return OpenshiftInstaller(settings, lambda: self.now)

    def installed(self, host: str, state: MachineState = MachineState.READY) -> None:
        """By an order of just now."""
        order = LastOrder(self.now, "image", "config")
        self.machines[host] = MachineCondition(host, state, order=order)

    @override
    async def ensure_asset(self, spec: Asset) -> Change:
        return Change(isinstance(self.program, Fetching), spec.name)

    @override
    async def observe_asset(self, query: Asset) -> Artifact | Fetching:
        return self.program

    @override
    async def ensure_installation_assets(self, spec: InstallationAssetsSpec) -> Change:
        self.specs.append(spec)
        change = await self.installer.ensure_installation_assets(spec)
        self.writes += [change.what] if change.changed else []
        return change

    @override
    async def observe_installation_assets(
        self, query: InstallationAssetsQuery
    ) -> ObservedInstallationAssets:
        return await self.installer.observe_installation_assets(query)

    @override
    async def ensure_settled_installation(self, spec: SettledInstallation) -> Change:
        return await self.installer.ensure_settled_installation(spec)

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        raise NotImplementedError

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        unseen = {name: MachineCondition(name, None) for name in query.hosts}
        return tuple({**unseen, **self.machines}[name] for name in query.hosts)

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        raise NotImplementedError

    @override
    async def ensure_given_secret(self, spec: GivenSecret) -> Change:
        raise NotImplementedError

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        text = self.secrets.get(query.name)
        return None if text is None else Secret(query.name, text)
