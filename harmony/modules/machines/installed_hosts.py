"""InstalledHosts: machines with an operating system of their own on their disks, no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import pydantic
from pydantic import Field
from typing_extensions import override

from harmony.domain.capability import ArtifactStore, InstalledMachines, PowerControl
from harmony.domain.capability.artifact_store import ArtifactQuery, Preparing
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    MachineCondition,
    MachineQuery,
    older_installations,
)
from harmony.domain.capability.power_control import PowerQuery, PowerSpec, PowerState
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Many, Score
from harmony.domain.topology import Topology
from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.model import Config, File, Storage
from inventory.contribution import Installation
from inventory.host import Host
from inventory.machine_state import MachineState

NODE_IMAGE = "node-image"


class InstalledHostsTopology(Topology, ArtifactStore, InstalledMachines, PowerControl, Protocol):
    """A place where machines can be powered on and installed."""


@pydantic.dataclasses.dataclass(frozen=True)
class InstalledHosts(Score[InstalledHostsTopology]):
    """Each of `hosts` boots from its own disk, under its own name, and has reported in."""

    hosts: Annotated[Many[Host], Field(min_length=1)]

    @override
    def key(self) -> str:
        return f"installed-hosts/{','.join(sorted(host.name for host in self.hosts))}"

    @override
    def interpret(self) -> Interpret[InstalledHostsTopology]:
        return InstalledHostsInterpret(self.key(), tuple(self.hosts))

    def upkeep(self) -> Interpret[InstalledHostsTopology]:
        """The same again: a host that is to be reinstalled needs its Ignition config anew."""
        return self.interpret()


@dataclass(frozen=True, slots=True)
class InstalledHostsInterpret(Interpret[InstalledHostsTopology]):
    """Powers on first: machines are discovered while the image may still be in the making."""

    owner: str
    hosts: Sequence[Host]

    @override
    async def execute(self, topology: InstalledHostsTopology) -> Outcome:
        changes: list[Change] = []
        details: list[str] = []
        for host in self.hosts:
            changes.append(await topology.ensure_power(PowerSpec(host, PowerState.ON)))
            power = await topology.observe_power(PowerQuery(host))
            details += [power.waiting_for] if power.waiting_for else []
        image = await topology.ask_artifact(ArtifactQuery(NODE_IMAGE))
        if isinstance(image, Preparing):
            return Outcome.running(f"waiting for {image.words}", changes, tuple(details))
        wanted = tuple(
            Installation(host.name, image, canonical_json(plain_config(host)))
            for host in self.hosts
        )
        changes.append(await topology.ensure_installations(InstallationsSpec(self.owner, wanted)))
        names = tuple(host.name for host in self.hosts)
        found = await topology.observe_machines(MachineQuery(names))
        details += older_installations(found, wanted)
        absent = [one for one in found if one.state is not MachineState.READY]
        if absent:
            words = ", ".join(_words(one) for one in absent)
            return Outcome.running(f"waiting for {words}", changes, tuple(details))
        return Outcome.done(f"installed and reporting: {', '.join(names)}", changes, tuple(details))


def plain_config(host: Host) -> Config:
    """The Ignition config of a host that is only itself."""
    name = File(path="/etc/hostname", contents=inline(f"{host.name}\n"))
    return Config(storage=Storage(files=(name,)))


def _words(condition: MachineCondition) -> str:
    state = condition.reason or condition.waiting_for or condition.state or "not seen yet"
    return f"{condition.host} ({state})"
