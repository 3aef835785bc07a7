"""What an operator orders about machines: approve, reinstall, retry. Nothing from the wire comes here."""

from __future__ import annotations

from provisioner.protocol.boot.errors import OutOfTurn
from provisioner.protocol.boot.lifecycle import LifeEvent
from provisioner.protocol.boot.machine import Machine
from provisioner.serve.errors import NoSuchThing, RefusedByState
from provisioner.serve.ledger import Ledger
from provisioner.serve.step import Step


class OperatorWords:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._memory = ledger.memory

    async def approve(self, mac: str, host_name: str) -> Machine:
        """The machine is this host. Raises NoSuchThing or RefusedByState."""
        async with self._ledger.deciding:
            machine = self._memory.machines.get(mac)
            if machine is None:
                raise NoSuchThing(f"no machine has been seen with the MAC {mac}")
            if self._memory.desired.host(host_name) is None:
                raise NoSuchThing(f"the declaration has no host {host_name}")
            taken = self._ledger.taken(machine).get(host_name)
            if taken is not None:
                raise RefusedByState(f"machine {taken} is {host_name} already")
            if machine.host == host_name:
                return machine
            step = _allowed(self._ledger.step(machine), LifeEvent.ASSIGNED, host_name)
            step = step.as_host(host_name)
            return await self._ledger.record(
                step.log("HostAssigned", {"host": host_name, "by": "an operator's word"})
            )

    async def reinstall(self, host_name: str) -> Machine:
        """Install the host again, on the same disk if it is still there."""
        return await self._order(host_name, LifeEvent.REINSTALL_ORDERED, "ReinstallOrdered")

    async def retry(self, host_name: str) -> Machine:
        """Let a host that failed go on."""
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


def _allowed(step: Step, event: LifeEvent, host_name: str) -> Step:
    try:
        return step.advanced(event)
    except OutOfTurn as refused:
        message = f"{host_name} can't be: {event}, because {refused}"
        raise RefusedByState(message) from refused
