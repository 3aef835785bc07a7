"""From what the protocols saw on the wire to the boot log; noise is thinned out, so that nobody can
fill the disk by talking nonsense."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import fields
from ipaddress import IPv4Address

from provisioner.ports import Event, Scalar, StoreFailed
from provisioner.protocol.dhcp.event import DhcpEvent, DiscoverHeard, RequestHeard
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dns.event import DnsEvent, QueryAnswered
from provisioner.protocol.tftp.event import TftpEvent
from provisioner.serve.faults import Faults
from provisioner.serve.http_message import RequestRefused
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines

WireEvent = DhcpEvent | TftpEvent | DnsEvent | RequestRefused

_NOISE = frozenset(
    {
        "DhcpMessageIgnored",
        "DhcpMessageMalformed",
        "FileMissing",
        "QueryAnswered",
        "QueryMalformed",
        "RequestHeard",
        "RequestRefused",
        "SizeProbed",
        "TftpRequestRefused",
    }
)
_QUIET_SECONDS = 30.0
_MOST_VOICES = 500
_MOST_HEARD = 1000


class WireEvents:
    """`note` is what the servers call; it never blocks."""

    def __init__(self, ledger: Ledger, machines: Machines) -> None:
        self._ledger = ledger
        self._machines = machines
        self._heard: asyncio.Queue[str] = asyncio.Queue(_MOST_HEARD)
        self._last: dict[tuple[str, str], float] = {}
        self._faults = Faults()

    def note(self, event: WireEvent, leases: LeaseTable) -> None:
        """Log the event, and let the machines know who was heard; `leases` are of its network."""
        kind = type(event).__name__
        detail = {field.name: getattr(event, field.name) for field in fields(event)}
        mac = detail.pop("mac", None) or _mac_of(detail.get("peer"), leases)
        if mac is not None:
            self._ledger.memory.hear(mac, self._ledger.now())
        if isinstance(event, DiscoverHeard | RequestHeard):
            self._hear(event.mac)
        if isinstance(event, QueryAnswered) and event.result == "NOERROR":
            return
        if kind in _NOISE and not self._worth_it(kind, str(mac or detail.get("peer"))):
            return
        host = None if mac is None else self._ledger.memory.host_name_of_mac(mac)
        self._ledger.log(Event(self._ledger.now(), kind, mac, host, _scalars(detail.items())))

    async def follow(self) -> None:
        """Discover the machines that were heard, one after the other, until cancelled."""
        while True:
            mac = await self._heard.get()
            try:
                await self._machines.heard(mac)
            except StoreFailed:
                pass  # it will be heard again
            except Exception as fault:  # a bug costs one discovery
                self._faults.tell(fault)

    def _hear(self, mac: str) -> None:
        if self._ledger.memory.machine_of(mac) is None and not self._heard.full():
            self._heard.put_nowait(mac)

    def _worth_it(self, kind: str, who: str) -> bool:
        """Whether this was not logged a moment ago, of the same sender."""
        now = self._ledger.now()
        if now - self._last.get((kind, who), 0.0) < _QUIET_SECONDS:
            return False
        if len(self._last) >= _MOST_VOICES:
            self._last = {key: at for key, at in self._last.items() if now - at < _QUIET_SECONDS}
            if len(self._last) >= _MOST_VOICES:
                return False
        self._last[kind, who] = now
        return True


def _mac_of(peer: object, leases: LeaseTable) -> str | None:
    holder = leases.holder(peer) if isinstance(peer, IPv4Address) else None
    return None if holder is None else holder.mac


def _scalars(items: Iterable[tuple[str, object]]) -> dict[str, Scalar]:
    return {
        name: value if isinstance(value, str | int | float | None) else str(value)
        for name, value in items
    }
