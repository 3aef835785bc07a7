"""Asks by ARP, in the background, whether somebody uses an address of the pool without a lease."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.errors import ProvisionerBug
from provisioner.protocol.arp.packet import probe, read
from provisioner.protocol.arp.sweep import Finding, FoundInUse, Sweep
from provisioner.protocol.dhcp.event import AddressFoundInUse, AddressSilentAgain, DhcpEvent
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link
from provisioner.serve.faults import Faults
from provisioner.serve.raw_frame import ARP, interface_mac, open_frame_socket

_TURN_SECONDS = 0.2
_LARGEST_FRAME = 2048


class ArpProber:
    """Of one interface's network. What it finds is told to the lease table, in memory only: after a
    restart it is found again."""

    def __init__(
        self,
        *,
        interface: str,
        link: Callable[[], Link],
        leases: LeaseTable,
        clock: Callable[[], float],
        on_event: Callable[[DhcpEvent], None],
    ) -> None:
        self._interface = interface
        self._link = link
        self._leases = leases
        self._clock = clock
        self._on_event = on_event
        self._sweep = Sweep(range(0))
        self._faults = Faults()
        self._frames: socket.socket | None = None

    def bind(self) -> None:
        """Open the socket. Raises SocketNotBound or InterfaceMissing."""
        self._frames = open_frame_socket(self._interface, ARP)

    async def serve(self) -> None:
        """Ask until cancelled. `bind` comes first."""
        frames = self._frames
        if frames is None:
            raise ProvisionerBug("ArpProber.serve before bind")
        loop = asyncio.get_running_loop()
        loop.add_reader(frames, self._hear, frames)
        try:
            while True:
                try:
                    self._turn(frames)
                except OSError:
                    pass  # the interface is down; it may come up again
                except Exception as fault:  # a bug costs one turn
                    self._faults.tell(fault)
                await asyncio.sleep(_TURN_SECONDS)
        finally:
            loop.remove_reader(frames)

    def close(self) -> None:
        """Close the socket; harmless when not bound."""
        if self._frames is not None:
            self._frames.close()
            self._frames = None

    def _turn(self, frames: socket.socket) -> None:
        link, now = self._link(), self._clock()
        numbers = range(0) if link.pool is None else link.pool.numbers
        if numbers != self._sweep.numbers:
            self._begin_anew(numbers)
        self._leave_to_their_leases(now)
        for finding in self._sweep.silent(now):
            self._tell(finding)
        own = interface_mac(frames)
        for number in self._sweep.due(now, lambda number: self._is_free(number, link, now)):
            frames.send(probe(own, number))

    def _is_free(self, number: int, link: Link, now: float) -> bool:
        return number not in link.never_leased and self._leases.busy_until(number) <= now

    def _hear(self, frames: socket.socket) -> None:
        try:
            spoken = read(frames.recv(_LARGEST_FRAME))
            if spoken is None or self._leases.busy_until(spoken.number) > self._clock():
                return
            finding = self._sweep.heard(spoken.number, spoken.mac)
            if finding is not None:
                self._tell(finding)
        except OSError:
            pass  # as above
        except Exception as fault:
            self._faults.tell(fault)

    def _leave_to_their_leases(self, now: float) -> None:
        """Who was found at an address may have been given it since."""
        for number, _ in self._leases.occupied():
            if self._leases.busy_until(number) > now:
                self._leases.vacate(number)
                self._sweep.forget(number)

    def _tell(self, finding: Finding) -> None:
        address = IPv4Address(finding.number)
        if isinstance(finding, FoundInUse):
            self._leases.occupy(finding.number, finding.mac)
            self._on_event(AddressFoundInUse(finding.mac, address))
        else:
            self._leases.vacate(finding.number)
            self._on_event(AddressSilentAgain(finding.mac, address))

    def _begin_anew(self, numbers: range) -> None:
        """The pool is declared another."""
        self._sweep = Sweep(numbers)
        for number, _ in self._leases.occupied():
            self._leases.vacate(number)
