"""How a cluster is brought about, pass by pass. What each pass ensures, in this order:

1. machines are powered on, and the cluster's names stand: both need nothing else
2. images and binaries are finished; until then machines boot, are discovered and wait
3. secrets, and from them every host's Ignition: handed to the boot service, which installs
4. the API answers; machines that still have to join may, each with a token of its own
5. kubelets' certificate requests are judged
6. every node is Ready

A cluster that is there is kept up by the same passes: certificates are renewed, a host that is to be
reinstalled gets its Ignition anew and joins again, and what stays pending is told. It gets to 5
whatever hinders the steps before: certificates end while an image is lost or a machine can't be woken.

Nothing is remembered between passes, except in the vault, the boot service and the cluster (and
how long a host has been asking again: `patience`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from typing_extensions import override

from harmony.domain.capability.boot_service import ArtifactsSpec
from harmony.domain.capability.dns_server import DnsRecords
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    MachineCondition,
    MachineQuery,
    older_installations,
)
from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.domain.capability.power_control import PowerQuery, PowerSpec, PowerState
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.modules.kubernetes.cluster_assets import ask_assets
from harmony.modules.kubernetes.installing import installations
from harmony.modules.kubernetes.membership import bring_in
from harmony.modules.kubernetes.patience import Patience
from harmony.modules.kubernetes.plan import API_PORT, ClusterPlan
from harmony.modules.kubernetes.secrets import ClusterSecrets, cluster_secrets
from harmony.modules.kubernetes.topology import ClusterTopology
from inventory.contribution import DnsRecord
from inventory.errors import OperatorError, PeerError
from inventory.host import Host
from inventory.machine_state import MachineState


@dataclass(frozen=True, slots=True)
class ClusterInterpret(Interpret[ClusterTopology]):
    """`owner` is the Score's key; `hosts` are the plan's nodes as declared."""

    owner: str
    plan: ClusterPlan
    hosts: Sequence[Host]
    patience: Patience = field(default_factory=Patience, compare=False)

    @override
    async def execute(self, topology: ClusterTopology) -> Outcome:
        a_pass = _Pass(topology, self.owner, self.plan, self.hosts, self.patience)
        try:
            waits_for = await a_pass.run()
        except PeerError as away:
            # What this pass changed before the peer went away must not be forgotten.
            waits_for = str(away)
        if waits_for is not None:
            return Outcome.running(waits_for, a_pass.changes, tuple(a_pass.details))
        message = f"cluster {self.plan.name}: {_count(len(self.hosts), 'node')} Ready"
        return Outcome.done(message, a_pass.changes, tuple(a_pass.details))


@dataclass(slots=True)
class _Pass:
    topology: ClusterTopology
    owner: str
    plan: ClusterPlan
    hosts: Sequence[Host]
    patience: Patience
    changes: list[Change] = field(default_factory=list[Change])
    details: list[str] = field(default_factory=list[str])
    conditions: Sequence[MachineCondition] | None = None
    looked: bool = False

    async def run(self) -> str | None:
        """What is still waited for; None when all is there."""
        try:
            waits_for = await self._bring_about()
        except (OperatorError, PeerError):
            await self._keep_members()
            raise
        await self._keep_members()
        return waits_for

    async def _bring_about(self) -> str | None:
        await self._power_on()
        self.changes.append(await self.topology.ensure_dns_records(self._records()))
        assets = await ask_assets(self.topology)
        if isinstance(assets, str):
            return assets
        secrets = await cluster_secrets(self.topology, self.plan)
        self.changes += secrets.changes
        wanted = await installations(self.topology, self.plan, self.hosts, assets, secrets)
        artifacts = tuple(assets.files.values())
        self.changes.append(
            await self.topology.ensure_artifacts(ArtifactsSpec(self.owner, artifacts))
        )
        self.changes += [
            await self.topology.ensure_installations(InstallationsSpec(self.owner, wanted)),
            await self.topology.ensure_kubeconfig(kubeconfig(self.plan, secrets)),
        ]
        conditions = await self._machines()
        self.details += older_installations(conditions, wanted)
        return self._control_plane_waits(conditions) or await self._nodes_wait(
            conditions, secrets.tokens
        )

    async def _keep_members(self) -> None:
        """The cluster's own part, where the pass has not come to it and there may be a cluster."""
        if self.looked:
            return
        with suppress(OperatorError, PeerError):  # what hindered the pass is what is told
            conditions = await self._machines()
            if any(_may_serve(one) for one in self._of_control_plane(conditions)):
                secrets = await cluster_secrets(self.topology, self.plan)
                await self._nodes_wait(conditions, secrets.tokens)

    async def _machines(self) -> Sequence[MachineCondition]:
        if self.conditions is None:
            names = tuple(node.name for node in self.plan.nodes)
            self.conditions = await self.topology.observe_machines(MachineQuery(names))
        return self.conditions

    async def _power_on(self) -> None:
        for host in self.hosts:
            spec = PowerSpec(host, PowerState.ON)
            self.changes.append(await self.topology.ensure_power(spec))
            power = await self.topology.observe_power(PowerQuery(host))
            if power.waiting_for:
                self.details.append(power.waiting_for)

    def _records(self) -> DnsRecords:
        names = (self.plan.api_name, self.plan.api_int_name)
        return DnsRecords(
            self.owner,
            tuple(
                DnsRecord(name, node.address) for name in names for node in self.plan.control_plane
            ),
        )

    def _control_plane_waits(self, conditions: Sequence[MachineCondition]) -> str | None:
        absent = [one for one in self._of_control_plane(conditions) if not one.on_its_own_disk]
        return f"waiting for {_words(absent)}" if absent else None

    def _of_control_plane(
        self, conditions: Sequence[MachineCondition]
    ) -> Sequence[MachineCondition]:
        names = {node.name for node in self.plan.control_plane}
        return [one for one in conditions if one.host in names]

    async def _nodes_wait(
        self, conditions: Sequence[MachineCondition], tokens: dict[str, str]
    ) -> str | None:
        self.looked = True
        members = await bring_in(self.topology, self.plan, tokens, conditions, self.patience)
        self.changes += members.changes
        self.details += members.details
        unready = (node for node in members.nodes.values() if not node.ready)
        self.details += [f"node {node.name}: {node.why}" for node in unready]
        absent = [
            one for one in conditions if not (node := members.nodes.get(one.host)) or not node.ready
        ]
        if not absent:
            return None
        return f"waiting for Ready: {_words(absent)}"


def kubeconfig(plan: ClusterPlan, secrets: ClusterSecrets) -> Kubeconfig:
    """The administrator's way into the cluster of `plan`."""
    return Kubeconfig(
        cluster=plan.name,
        server=f"https://{plan.api_name}:{API_PORT}",
        addresses=tuple(node.address for node in plan.control_plane),
        ca_certificate=secrets.control_plane.ca.certificate,
        client_certificate=secrets.admin.certificate,
        client_key=secrets.admin.key,
    )


def _may_serve(condition: MachineCondition) -> bool:
    """A machine fails also for what it does in the ramdisk, beside a disk that was in use."""
    return condition.on_its_own_disk or condition.state is MachineState.FAILED


def _words(conditions: Sequence[MachineCondition]) -> str:
    return ", ".join(f"{one.host} ({_state(one)})" for one in conditions)


def _state(condition: MachineCondition) -> str:
    if condition.state is None:
        return condition.waiting_for or "not seen yet"
    return condition.reason or condition.waiting_for or str(condition.state)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
