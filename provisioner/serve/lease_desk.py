"""What an operator orders about leases: that one ends now. Nothing from the wire comes here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from inventory.mac import normal_mac
from inventory.network import Network
from provisioner.ports import ChangeLeases, Event, LogEvent, Scalar, Store
from provisioner.protocol.dhcp.lease import Lease, Released
from provisioner.serve.errors import NoSuchThing, RefusedByState
from provisioner.serve.lease_views import LeaseView, lease_views
from provisioner.serve.ledger import Ledger


@dataclass(frozen=True, slots=True)
class _Running:
    network: Network
    lease: Lease


class LeaseDesk:
    def __init__(self, ledger: Ledger, store: Store) -> None:
        self._ledger = ledger
        self._memory = ledger.memory
        self._store = store

    def leases(self) -> list[LeaseView]:
        return lease_views(self._memory, self._ledger.now())

    async def release(self, which: str, *, although_alive: bool = False) -> LeaseView:
        """End the running lease of an address or a MAC, and return it as it was.

        The record stays, as after a client's own RELEASE. The store and the table see this and the
        DHCP server's changes in one order: that of the commits. Raises NoSuchThing, RefusedByState
        or StoreFailed.
        """
        found = self._running(which)
        if not although_alive:
            self._require_silent(found)
        lease, now = found.lease, self._ledger.now()
        change = Released(lease.mac, lease.address, now)
        view = next(one for one in self.leases() if one.address == str(lease.address))
        detail: dict[str, Scalar] = {
            "address": view.address,
            "network": view.network,
            "by": "an operator's word",
        }
        event = Event(now, "LeaseReleased", lease.mac, view.host, detail)
        await self._store.commit([ChangeLeases(view.network, (change,)), LogEvent(event)])
        self._memory.leases_of(view.network).apply(change)
        return view

    def _running(self, which: str) -> _Running:
        """The one running lease that is meant."""
        address = _address(which)
        mac = _mac(which) if address is None else None
        if address is None and mac is None:
            raise NoSuchThing(f"{which!r} is neither an IPv4 address nor a MAC")
        found = [
            one
            for one in self._all_running()
            if one.lease.address == address or one.lease.mac == mac
        ]
        if not found:
            raise NoSuchThing(self._why_not(which, mac or str(address)))
        if len(found) > 1:
            several = ", ".join(f"{one.lease.address} ({one.network.name})" for one in found)
            raise RefusedByState(f"{which} has several leases: {several}; name the address")
        return found[0]

    def _all_running(self) -> Iterator[_Running]:
        site, now = self._memory.desired.site, self._ledger.now()
        for network in () if site is None else site.networks:
            for lease in self._memory.leases_of(network.name).leases():
                if lease.expires > now:
                    yield _Running(network, lease)

    def _why_not(self, which: str, normal: str) -> str:
        known = [one for one in self.leases() if normal in (one.address, one.mac)]
        words = f": it is {known[0].state}" if known else ""
        return f"{which} is not leased{words}"

    def _require_silent(self, found: _Running) -> None:
        """A client that is on renews halfway through its lease (RFC 2131, 4.4.5)."""
        lease, now = found.lease, self._ledger.now()
        machine = self._memory.machine_of(lease.mac)
        bound = lease.expires - found.network.lease_time
        heard = bound if machine is None else self._memory.heard.get(machine.mac, bound)
        heard = max(bound, heard)
        if now - heard > found.network.lease_time / 2:
            return
        who = self._memory.host_name_of_mac(lease.mac) or lease.mac
        raise RefusedByState(
            f"{lease.address} is in use: {who} was heard {now - heard:.0f} s ago, and goes on using"
            " its address while another machine may be given it; --yes releases it all the same"
        )


def _address(written: str) -> IPv4Address | None:
    try:
        return IPv4Address(written)
    except AddressValueError:
        return None


def _mac(written: str) -> str | None:
    try:
        return normal_mac(written)
    except ValueError:
        return None
