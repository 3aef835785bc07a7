"""What an operator orders about machines: approve, reinstall, retry. Nothing from the wire comes here."""

from __future__ import annotations

from inventory.machine_state import MachineState
from provisioner.protocol.boot.errors import OutOfTurn
from provisioner.protocol.boot.lifecycle import LifeEvent
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.recognition import likenesses
from provisioner.serve.errors import NoSuchThing, RefusedByState
from provisioner.serve.ledger import Ledger
from provisioner.serve.step import Step


class OperatorWords:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._memory = ledger.memory

    async def approve(self, mac: str, host_name: str) -> Machine:
        """The machine is this host; also if another one was it before, which is off now.

        If both look like one machine, it goes on where it was: what is installed stays. Otherwise it is
        installed anew. Raises NoSuchThing or RefusedByState.
        """
        async with self._ledger.deciding:
            machine = self._memory.machines.get(mac)
            if machine is None:
                raise NoSuchThing(f"no machine has been seen with the MAC {mac}")
            if self._memory.desired.host(host_name) is None:
                raise NoSuchThing(f"the declaration has no host {host_name}")
            if machine.host == host_name:
                return machine
            step = _allowed(self._ledger.step(machine), LifeEvent.ASSIGNED, host_name)
            by = "an operator's word"
            taken = self._ledger.taken(machine).get(host_name)
            if taken is None:
                step = step.as_host(host_name)
            else:
                step = await self._taken_over(step, self._memory.machines[taken], host_name)
                by += f", in place of machine {taken}"
            return await self._ledger.record(
                step.log("HostAssigned", {"host": host_name, "by": by})
            )

    async def _taken_over(self, step: Step, before: Machine, host_name: str) -> Step:
        """The step that makes its machine what `before` was, which is that no more. Raises
        RefusedByState while `before` may be another machine that is on."""
        shares_card = not set(step.machine.macs).isdisjoint(before.macs)
        if not shares_card and not self._ledger.is_silent(before):
            raise RefusedByState(
                f"machine {before.mac} is {host_name} already, and is not silent: switch it off, and"
                " say this again when `provisioner status` shows it as silent"
            )
        report = step.machine.report
        if report is not None and likenesses(report, [before]):
            return step.going_on_as(before)
        await self._ledger.record(_released(self._ledger.step(before), host_name))
        return step.as_host(host_name)

    async def reinstall(self, host_name: str) -> Machine:
        """Install the host again, on the same disk if it is still there."""
        return await self._order(host_name, LifeEvent.REINSTALL_ORDERED, "ReinstallOrdered")

    async def retry(self, host_name: str) -> Machine:
        """Let a host that failed, or whose installation gets no further, go on with a new order."""
        return await self._order(host_name, LifeEvent.RETRY_ORDERED, "RetryOrdered")

    async def _order(self, host_name: str, event: LifeEvent, kind: str) -> Machine:
        """Raises NoSuchThing or RefusedByState."""
        async with self._ledger.deciding:
            host = self._memory.desired.host(host_name)
            if host is None:
                raise NoSuchThing(f"the declaration has no host {host_name}")
            machine = self._memory.machine_of_host(host)
            if machine is None or machine.host is None:
                raise RefusedByState(f"no machine is known to be {host_name}")
            step = self._ledger.step(machine).log(kind).because("")
            return await self._ledger.record(_allowed(step, event, host_name))


def _released(step: Step, host_name: str) -> Step:
    """It is the host no more. One that is installed stays so: it boots its own disk if it comes back."""
    state = step.machine.state
    step = step.log("HostReleased", {"host": host_name}).as_host(None).because("")
    if state in (MachineState.INSTALLED, MachineState.READY):
        return step
    if state is MachineState.INSTALLING:
        step = step.advanced(LifeEvent.FAILED)
    return step.advanced(LifeEvent.RELEASED)


def _allowed(step: Step, event: LifeEvent, host_name: str) -> Step:
    try:
        return step.advanced(event)
    except OutOfTurn as refused:
        message = f"{host_name} can't be: {event}, because {refused}"
        raise RefusedByState(message) from refused
