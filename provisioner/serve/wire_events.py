"""From what the protocols saw on the wire to the boot log; noise is thinned out, so that nobody can
fill the disk by talking nonsense."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from ipaddress import IPv4Address

from provisioner.ports import Event, Scalar, StoreFailed
from provisioner.protocol.dhcp.event import DhcpEvent, DiscoverHeard, OfferSent, RequestHeard
from provisioner.protocol.dns.event import DnsEvent, QueryAnswered
from provisioner.protocol.tftp.event import TftpEvent
from provisioner.serve.faults import Faults
from provisioner.serve.http_message import RequestRefused
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines
from provisioner.serve.occupants import Occupants

WireEvent = DhcpEvent | TftpEvent | DnsEvent | RequestRefused

_NOISE = frozenset(
    {
        "DhcpMessageIgnored",
        "DhcpMessageMalformed",
        "DhcpReplyNotSent",
        "FileMissing",
        "NoBootProgram",
        "QueryAnswered",
        "QueryMalformed",
        "RequestHeard",
        "RequestRefused",
        "SizeProbed",
        "TftpRequestRefused",
        "TransferFailed",
    }
)
_QUIET_SECONDS = 30.0
_MOST_VOICES = 500
_MOST_HEARD = 16_384


@dataclass(frozen=True, slots=True)
class _Telling:
    """How events of one type are told: `names` are the fields that go into the detail."""

    kind: str
    names: tuple[str, ...]
    has_mac: bool
    has_peer: bool
    is_noise: bool

    @classmethod
    def of(cls, event: WireEvent) -> _Telling:
        kind = type(event).__name__
        names = tuple(field.name for field in fields(event))
        told = tuple(name for name in names if name != "mac")
        return cls(kind, told, "mac" in names, "peer" in names, kind in _NOISE)


class WireEvents:
    """`note` is what the servers call; it never blocks."""

    def __init__(self, ledger: Ledger, machines: Machines) -> None:
        self._ledger = ledger
        self._machines = machines
        self._heard: asyncio.Queue[str] = asyncio.Queue(_MOST_HEARD)
        self._last: dict[tuple[str, str], float] = {}
        self._thinned = 0.0
        self._tellings: dict[type, _Telling] = {}
        self._faults = Faults()

    def note(self, event: WireEvent, occupants: Occupants) -> None:
        """Log the event, and let the machines know who was heard; `occupants` are of its interface."""
        telling = self._tellings.get(type(event))
        if telling is None:
            telling = self._tellings[type(event)] = _Telling.of(event)
        now, memory = self._ledger.now(), self._ledger.memory
        peer = getattr(event, "peer", None) if telling.has_peer else None
        mac = getattr(event, "mac", None) if telling.has_mac else _mac_of(peer, occupants)
        host = None
        if mac is not None:
            machine = memory.hear(mac, now)
            host = memory.host_name_of(machine, mac)
            if machine is None:
                self._discover(event, mac)
                if host is None and _is_small_talk(event):
                    return
        if isinstance(event, QueryAnswered) and event.result == "NOERROR":
            return
        if telling.is_noise and not self._worth_it(telling.kind, mac or str(peer), now):
            return
        detail = {name: _scalar(getattr(event, name)) for name in telling.names}
        self._ledger.log(Event(now, telling.kind, mac, host, detail))

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

    def _discover(self, event: WireEvent, mac: str) -> None:
        """Only what is declared or boots over the network: a network may be declared to answer
        everybody's laptop."""
        if not isinstance(event, DiscoverHeard | RequestHeard) or self._heard.full():
            return
        if event.client.boots_over_the_network or self._ledger.memory.is_declared(mac):
            self._heard.put_nowait(mac)

    def _worth_it(self, kind: str, who: str, now: float) -> bool:
        """Whether this was not logged a moment ago, of the same sender."""
        if now - self._last.get((kind, who), 0.0) < _QUIET_SECONDS:
            return False
        if len(self._last) >= _MOST_VOICES and now - self._thinned >= 1.0:
            self._thinned = now
            self._last = {key: at for key, at in self._last.items() if now - at < _QUIET_SECONDS}
        if len(self._last) >= _MOST_VOICES:
            return False
        self._last[kind, who] = now
        return True


def _is_small_talk(event: WireEvent) -> bool:
    """Of a client that is no machine of ours only what it got is logged: everybody's laptop and
    telephone may ask here."""
    if isinstance(event, DiscoverHeard | RequestHeard):
        return not event.client.boots_over_the_network
    return isinstance(event, OfferSent) and not event.boot_file


def _mac_of(peer: object, occupants: Occupants) -> str | None:
    holder = occupants.holder(peer) if isinstance(peer, IPv4Address) else None
    return None if holder is None else holder.mac


def _scalar(value: object) -> Scalar:
    return value if isinstance(value, str | int | float | None) else str(value)
