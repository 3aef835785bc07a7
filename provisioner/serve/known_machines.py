"""Every machine that is known, found by any of its cards or by the host it is, without looking at the
others: thousands may be there, and each packet asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping

from typing_extensions import override

from inventory.machine_state import MachineState
from provisioner.protocol.boot.machine import Machine


class KnownMachines(MutableMapping[str, Machine]):
    """By the MAC that each was first heard with."""

    def __init__(self, machines: Iterable[Machine] = ()) -> None:
        self._machines: dict[str, Machine] = {}
        self._with_card: dict[str, dict[str, None]] = {}
        self._of_host: dict[str, dict[str, None]] = {}
        self._unreported: dict[str, None] = {}
        for machine in sorted(machines, key=lambda one: one.since):
            self[machine.mac] = machine

    def with_card(self, mac: str) -> Iterator[Machine]:
        """Those that reported a card with this MAC, or were first heard with it."""
        return (self._machines[own] for own in self._with_card.get(mac, ()))

    def of_host(self, host: str) -> Machine | None:
        """The machine that is the host."""
        own = next(iter(self._of_host.get(host, ())), None)
        return None if own is None else self._machines[own]

    def heard_with(self, mac: str) -> Machine | None:
        """The one that was first heard with this MAC."""
        return self._machines.get(mac)

    @property
    def unreported(self) -> int:
        """How many were only ever heard."""
        return len(self._unreported)

    def oldest_unreported(self) -> Iterator[Machine]:
        """Those that were only ever heard, the oldest first."""
        return (self._machines[own] for own in self._unreported)

    @override
    def __getitem__(self, mac: str) -> Machine:
        return self._machines[mac]

    @override
    def __contains__(self, mac: object) -> bool:
        return mac in self._machines

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._machines)

    @override
    def __len__(self) -> int:
        return len(self._machines)

    @override
    def __setitem__(self, mac: str, machine: Machine) -> None:
        before = self._machines.get(mac)
        if before is not None and _found_by(before) != _found_by(machine):
            self._take_out(mac, before)
        self._machines[mac] = machine
        for card in machine.macs:
            self._with_card.setdefault(card, {})[mac] = None
        if machine.host is not None:
            self._of_host.setdefault(machine.host, {})[mac] = None
        if machine.state is MachineState.DISCOVERED:
            self._unreported[mac] = None
        else:
            self._unreported.pop(mac, None)

    @override
    def __delitem__(self, mac: str) -> None:
        self._take_out(mac, self._machines.pop(mac))
        self._unreported.pop(mac, None)

    def _take_out(self, mac: str, machine: Machine) -> None:
        for card in machine.macs:
            _drop(self._with_card, card, mac)
        if machine.host is not None:
            _drop(self._of_host, machine.host, mac)


def _found_by(machine: Machine) -> tuple[object, object]:
    return machine.macs, machine.host


def _drop(index: dict[str, dict[str, None]], key: str, mac: str) -> None:
    index[key].pop(mac, None)
    if not index[key]:
        del index[key]
