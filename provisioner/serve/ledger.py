"""Where decisions about machines become facts: committed first, then remembered, then told.

One lock orders the decisions, so that none is made on what was true before another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import assert_never

from inventory import matching
from inventory.machine_state import MachineState
from inventory.matching import Ambiguous, Match, Matched, Unmatched
from provisioner.ports import Event, Store
from provisioner.protocol.boot.lifecycle import IllegalEvent, LifeEvent, advance
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.recognition import facts_of, likenesses
from provisioner.protocol.boot.silence import is_silent
from provisioner.serve.memory import Memory
from provisioner.serve.step import Step


class Ledger:
    """`clock` gives epoch seconds."""

    def __init__(self, memory: Memory, store: Store, clock: Callable[[], float]) -> None:
        self.memory = memory
        self.deciding = asyncio.Lock()
        self._store = store
        self._clock = clock
        self._changed = asyncio.Event()
        self._began = clock()

    def now(self) -> float:
        return self._clock()

    def last_heard(self, machine: Machine) -> float:
        """When it last gave a sign of life; not before anyone listened."""
        return self.memory.heard.get(machine.mac, self._began)

    def is_silent(self, machine: Machine) -> bool:
        """Whether it says nothing for so long that it is probably off."""
        site = self.memory.desired.site
        lease_times = [] if site is None else [network.lease_time for network in site.networks]
        heard = self.last_heard(machine)
        return is_silent(machine, heard, self.now(), max(lease_times, default=0))

    def step(self, machine: Machine) -> Step:
        """A decision about the machine as it is committed now. The lock is held until it is recorded."""
        current = self.memory.machines.get(machine.mac, machine)
        declared = self.memory.host_name_of_mac(machine.mac)
        return Step.of(current, self._clock(), declared)

    async def record(self, step: Step) -> Machine:
        """Commit the step; only then is it remembered. Raises StoreFailed, and nothing has happened."""
        await self._store.commit(step.changes)
        self.memory.machines[step.machine.mac] = step.machine
        self.memory.apply(step.changes)
        if _is_found_by_another_name(step):
            self.memory.revision += 1
        if step.machine.state is not MachineState.INSTALLING:
            self.memory.progress.pop(step.machine.mac, None)
        self.wake()
        return step.machine

    def log(self, event: Event) -> None:
        """Log what nothing depends on; nobody waits for the commit."""
        self._store.log(event)

    def match_of(self, machine: Machine) -> Match | None:
        """What the inventory says of the machine; None while it hasn't reported."""
        if machine.report is None:
            return None
        hosts = self.memory.desired.hosts
        alike = likenesses(machine.report, self.memory.others(machine))
        return matching.match(hosts, facts_of(machine.report), self.taken(machine), alike)

    def taken(self, by_others_than: Machine) -> dict[str, str]:
        """The hosts that other machines are, with those machines' MACs."""
        return {
            one.host: one.mac for one in self.memory.others(by_others_than) if one.host is not None
        }

    def matched(self, step: Step) -> Step:
        """Assigned, if the machine waits for that and is certainly one host."""
        if step.machine.state is not MachineState.INVENTORIED:
            return step
        found = self.match_of(step.machine)
        match found:
            case Matched(host, by):
                step = step.as_host(host).advanced(LifeEvent.ASSIGNED)
                return step.log("HostAssigned", {"host": host, "by": by})
            case Ambiguous(hosts, reason):
                return step.log("MatchAmbiguous", {"hosts": ", ".join(hosts), "reason": reason})
            case Unmatched():
                return step.log("MachineUnmatched")
            case None:
                return step
            case _:
                assert_never(found)

    async def match_again(self) -> None:
        """To be called when the declared hosts have changed: who waits may now be known, and who was
        assigned may be known no longer; what is ordered or installed stays."""
        async with self.deciding:
            for machine in tuple(self.memory.machines.values()):
                step = self.matched(self._released(self.step(machine)))
                if step.machine != machine:
                    await self.record(step)
        self.wake()

    def _released(self, step: Step) -> Step:
        host = step.machine.host
        if host is None or self.memory.desired.host(host) is not None:
            return step
        if isinstance(advance(step.machine.state, LifeEvent.RELEASED), IllegalEvent):
            return step
        step = step.log("HostReleased", {"host": host}).as_host(None).because("")
        return step.advanced(LifeEvent.RELEASED)

    async def changed(self, within: float) -> None:
        """Returns when something has changed that an answer could depend on, or after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._changed.wait()
        except TimeoutError:
            return

    def wake(self) -> None:
        """Something has changed that an answer could depend on."""
        self._changed.set()
        self._changed = asyncio.Event()


def _is_found_by_another_name(step: Step) -> bool:
    """Whether a name or an address of the network could be another after the step: not because yet
    another machine was heard."""
    before, after = step.before, step.machine
    if before.host is None and after.host is None:
        return False
    return (before.host, before.macs) != (after.host, after.macs)
