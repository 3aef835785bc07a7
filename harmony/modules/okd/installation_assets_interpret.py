"""How installation assets come about: what is lacking is named, what is good is kept, the rest is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from typing_extensions import override

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import Fetching
from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    InstallationAssetsQuery,
    InstallationAssetsSpec,
    InstallerManifest,
    ObservedInstallationAssets,
)
from harmony.domain.capability.installed_machines import MachineCondition, MachineQuery
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.modules.okd.asset_age import RENEW_AFTER, VALID_FOR, Bootstrap
from harmony.modules.okd.asset_decision import (
    Ask,
    Keep,
    Make,
    decide,
    of_older_assets,
    progress,
)
from harmony.modules.okd.extra_manifest import ExtraManifest
from harmony.modules.okd.install_config import InstallConfig, render_install_config
from harmony.modules.okd.installation_assets_topology import InstallationAssetsTopology
from harmony.modules.okd.installer_output import ignition_files
from harmony.modules.okd.release import release_of
from harmony.modules.okd.revealed import Lacking, Revealed, reveal
from harmony.modules.okd.way_in import way_in
from inventory.contribution import Artifact
from inventory.errors import ProvisionerBug

_TIME = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class InstallationAssetsInterpret(Interpret[InstallationAssetsTopology]):
    """`hosts` are all that are installed out of them, `bootstrap` the one that begins."""

    version: str
    installer: Asset
    config: InstallConfig
    bootstrap: str
    hosts: tuple[str, ...]
    manifests: tuple[ExtraManifest, ...]

    @override
    async def execute(self, topology: InstallationAssetsTopology) -> Outcome:
        """What a cluster came out of is kept whatever else is so, and needs no secrets any more."""
        query = InstallationAssetsQuery(self.config.domain)
        seen = await topology.observe_installation_assets(query)
        if seen.latest is not None and seen.latest.settled:
            return self._outcome(seen.latest, (), "the cluster came out of them", ())
        fetched = await topology.ensure_asset(self.installer)
        program = await topology.observe_asset(self.installer)
        if isinstance(program, Fetching):
            return Outcome.running(f"waiting for {program.words}", (fetched,))
        secrets = await reveal(topology, self.config)
        if isinstance(secrets, Lacking):
            lacking = (f"`provisioner secrets give {name} FILE`" for name in secrets.names)
            return Outcome.blocked(f"secrets that the vault lacks: {', '.join(lacking)}")
        return await self._kept_or_made(topology, seen, self._spec(program, secrets), fetched)

    async def _kept_or_made(
        self,
        topology: InstallationAssetsTopology,
        seen: ObservedInstallationAssets,
        spec: InstallationAssetsSpec,
        fetched: Change,
    ) -> Outcome:
        machines = await topology.observe_machines(MachineQuery(self.hosts))
        changes = [fetched]
        decision = decide(seen, spec.inputs_sha256, machines, self.bootstrap)
        match decision:
            case Ask():
                return Outcome.blocked(decision.reason)
            case Make():
                wanted = replace(spec, generation=decision.generation)
                changes.append(await topology.ensure_installation_assets(wanted))
                query = InstallationAssetsQuery(spec.cluster)
                seen = await topology.observe_installation_assets(query)
            case Keep():
                pass
            case _:
                assert_never(decision)
        if seen.latest is None:
            raise ProvisionerBug(f"{spec.cluster}: what was made is not there")
        return self._outcome(seen.latest, machines, decision.reason, changes)

    def _spec(self, program: Artifact, secrets: Revealed) -> InstallationAssetsSpec:
        return InstallationAssetsSpec(
            cluster=self.config.domain,
            generation=1,
            version=self.version,
            program=program,
            configuration=render_install_config(self.config, secrets.texts),
            manifests=tuple(InstallerManifest(one.path, one.text) for one in self.manifests),
            in_place=self.config.bootstrap_in_place is not None,
            secrets=(secrets.texts[self.config.pull_secret.name],),
        )

    def _outcome(
        self,
        latest: InstallationAssets,
        machines: Sequence[MachineCondition],
        reason: str,
        changes: Sequence[Change],
    ) -> Outcome:
        names = ignition_files(latest, release_of(latest.version))
        way_in(latest, latest.cluster, ())  # whoever goes in later finds it good
        message = f"{', '.join(sorted(names))} of {latest.cluster}, generation {latest.generation}"
        details = tuple(self._details(latest, machines))
        return Outcome.done(f"{message}: {reason}", changes, details)

    def _details(
        self, latest: InstallationAssets, machines: Sequence[MachineCondition]
    ) -> Iterator[str]:
        """Countdowns, and each machine that has to be reinstalled."""
        how_far = progress(latest, machines, self.bootstrap)
        if how_far is Bootstrap.NOT_BEGUN:
            yield f"{self.bootstrap} is to begin before {latest.made_at + RENEW_AFTER:{_TIME}}"
        if how_far is not Bootstrap.COMPLETE:
            yield f"their certificates end at {latest.made_at + VALID_FOR:{_TIME}}"
        for host in of_older_assets(latest, machines):
            yield (
                f"{host} was installed out of older ones, whose CA nobody trusts any more:"
                f" `provisioner hosts reinstall {host}` installs it again"
            )
