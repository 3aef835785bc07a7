"""What machines say, and what they are told: each message decided, committed, then answered."""

from __future__ import annotations

from collections.abc import Callable

from inventory.machine_state import MachineState
from provisioner.agent.messages import (
    Begun,
    Failed,
    HardwareReport,
    Order,
    Progress,
    Wait,
    Written,
)
from provisioner.ports import Change, EraseIgnitions, Event, ForgetMachine, LogEvent, Scalar
from provisioner.protocol.boot.bounds import MOST_CHARACTERS, require_bounds
from provisioner.protocol.boot.errors import OutOfTurn
from provisioner.protocol.boot.lifecycle import LifeEvent
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.boot.orders import CommitFirst, Tell, decide
from provisioner.serve.ledger import Ledger
from provisioner.serve.step import Step, first_step

MOST_UNREPORTED = 16_384
_PROGRESS_STEP = 0.05
_EVIDENCE = 20_000  # characters of a failure's evidence that are kept


class Machines:
    """`random_token` gives a new secret, URL-safe."""

    def __init__(
        self,
        ledger: Ledger,
        random_token: Callable[[], str],
        most_unreported: int = MOST_UNREPORTED,
    ) -> None:
        self._ledger = ledger
        self._memory = ledger.memory
        self._random_token = random_token
        self._most_unreported = most_unreported

    async def heard(self, mac: str) -> Machine:
        """The machine with this MAC, discovered now if it wasn't before. Of those that nobody has
        declared and that never reported, the oldest are forgotten: somebody may make MACs up."""
        known = self._memory.machine_of(mac)
        if known is not None:
            return known
        async with self._ledger.deciding:
            known = self._memory.machine_of(mac)
            if known is not None:
                return known
            now, token = self._ledger.now(), self._random_token()
            machine = Machine(mac, MachineState.DISCOVERED, now, token)
            host = self._memory.host_name_of_mac(mac)
            return await self._ledger.record(
                first_step(machine, host).along(*self._crowded_out(now))
            )

    async def reported(self, machine: Machine, report: HardwareReport) -> Machine:
        """The machine told its (sound) hardware report: it may now be known as a host."""
        async with self._ledger.deciding:
            step = self._ledger.step(machine).reported(report)
            step = step.log("ReportStored", _summary(report)).advanced(LifeEvent.REPORTED)
            return await self._ledger.record(self._ledger.matched(step))

    async def next_order(self, machine: Machine, base_url: str) -> Order:
        """What its agent is to do. An install order is committed before it is returned."""
        next_step = decide(machine, self._memory.wish_for(machine), base_url)
        if isinstance(next_step, Tell):
            return next_step.order
        async with self._ledger.deciding:
            step = self._ledger.step(machine)
            next_step = decide(step.machine, self._memory.wish_for(step.machine), base_url)
            if isinstance(next_step, Tell):
                return next_step.order
            machine = await self._ledger.record(self._ordered(step, next_step))
        next_step = decide(machine, self._memory.wish_for(machine), base_url)
        return next_step.order if isinstance(next_step, Tell) else Wait("its turn")

    def progressed(self, machine: Machine, progress: Progress) -> None:
        """Kept in memory; now and then a step of it is logged. Raises OutOfTurn or ImpossibleReport."""
        _require_order(machine, progress.order)
        require_bounds(progress)
        before = self._memory.progress.get(machine.mac)
        self._memory.progress[machine.mac] = progress
        if before is not None and not _worth_logging(before, progress):
            return
        detail: dict[str, Scalar] = {
            "order": progress.order,
            "phase": progress.phase,
            "done": progress.done,
            "total": progress.total,
        }
        event = Event(self._ledger.now(), "ImageProgressed", machine.mac, machine.host, detail)
        self._ledger.log(event)

    async def begun(self, machine: Machine, begun: Begun) -> None:
        """Its agent writes the ordered disk as soon as this returns: durable then. Raises OutOfTurn."""
        async with self._ledger.deciding:
            step = self._ledger.step(machine)
            order = _require_order(step.machine, begun.order)
            if step.machine.state is not MachineState.INSTALLING:
                raise OutOfTurn(f"a machine that is {step.machine.state} has nothing to write")
            if step.machine.own_disk == order.disk:
                return
            step = step.owning(order.disk).log("WritingBegun", _of_disk(order))
            await self._ledger.record(step)

    async def written(self, machine: Machine, written: Written) -> None:
        """The disk is written and verified: durable when this returns. Raises OutOfTurn."""
        async with self._ledger.deciding:
            step = self._ledger.step(machine)
            order = _require_order(step.machine, written.order)
            step = step.owning(order.disk).log("ImageWritten", _of_disk(order))
            step = step.advanced(LifeEvent.IMAGE_WRITTEN)
            if step.machine != step.before:
                await self._ledger.record(step)

    async def failed(self, machine: Machine, failed: Failed) -> None:
        """Its agent could not carry the order out. Raises OutOfTurn."""
        async with self._ledger.deciding:
            step = self._ledger.step(machine)
            _require_order(step.machine, failed.order)
            if step.machine.state not in (MachineState.INSTALLING, MachineState.FAILED):
                raise OutOfTurn(f"a machine that is {step.machine.state} has nothing that can fail")
            reason, evidence = failed.reason[:MOST_CHARACTERS], "\n".join(failed.evidence)
            step = step.because(reason)
            step = step.log("MachineFailed", {"reason": reason, "evidence": evidence[:_EVIDENCE]})
            step = step.advanced(LifeEvent.FAILED)
            if step.machine != step.before:
                await self._ledger.record(step)

    async def first_boot_reported(self, machine: Machine, machine_id: str, kernel: str) -> None:
        """The system on its disk has spoken: the machine is ready, its Ignition config erased.
        Raises OutOfTurn."""
        async with self._ledger.deciding:
            step = self._ledger.step(machine)
            host = step.machine.host
            step = step.log("FirstBootReported", {"machine_id": machine_id, "kernel": kernel})
            step = step.advanced(LifeEvent.FIRST_BOOT_REPORTED)
            if step.machine == step.before:
                return
            if host is not None:
                step = step.along(EraseIgnitions(host))
            await self._ledger.record(step)

    def _crowded_out(self, now: float) -> tuple[Change, ...]:
        """What makes room for one more machine that may be nobody's."""
        machines = self._memory.machines
        if machines.unreported < self._most_unreported:
            return ()
        heard = machines.oldest_unreported()
        oldest = next((one for one in heard if not self._memory.is_declared(one.mac)), None)
        if oldest is None:
            return ()
        return ForgetMachine(oldest.mac), LogEvent(Event(now, "MachineForgotten", oldest.mac))

    def _ordered(self, step: Step, wanted: CommitFirst) -> Step:
        order = InstallOrder(
            id=self._random_token(),
            mac=step.machine.mac,
            host=wanted.installation.host,
            disk=wanted.disk,
            must_be_blank=wanted.must_be_blank,
            image=wanted.installation.image,
            ignition_sha256=wanted.ignition_sha256,
            token=self._random_token(),
            arguments=wanted.installation.arguments,
            at=step.now,
        )
        detail: dict[str, Scalar] = {**_of_disk(order), "image": order.image.sha256}
        step = step.ordered(order).log("InstallOrdered", detail)
        return step.advanced(LifeEvent.INSTALL_ORDERED)


def _require_order(machine: Machine, order_id: str) -> InstallOrder:
    if machine.order is None or machine.order.id != order_id:
        raise OutOfTurn("it speaks of an order that isn't its current one")
    return machine.order


def _of_disk(order: InstallOrder) -> dict[str, Scalar]:
    return {"order": order.id, "disk": order.disk.name, "serial": order.disk.serial}


def _worth_logging(before: Progress, after: Progress) -> bool:
    """Whether the step is over a twentieth of the whole, by what was logged or reported before."""
    if before.phase != after.phase or after.done >= after.total:
        return True
    twentieth = max(1.0, after.total * _PROGRESS_STEP)
    return int(before.done / twentieth) != int(after.done / twentieth)


def _summary(report: HardwareReport) -> dict[str, Scalar]:
    return {
        "vendor": report.vendor,
        "product": report.product,
        "serial": report.serial,
        "system_uuid": report.system_uuid,
        "firmware": report.firmware,
        "cpus": report.cpus,
        "memory": report.memory,
        "nics": len(report.nics),
        "disks": len(report.disks),
        "clock_offset": report.clock_offset,
    }
