"""Is another DHCP server on our network? A DISCOVER asked from time to time tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.event import DhcpEvent


@dataclass(frozen=True, slots=True)
class ForeignServer:
    """A DHCP server that isn't us: its server id and the MAC its frame came from."""

    address: IPv4Address
    mac: str


async def probe(
    interface: str, own_address: IPv4Address, wait: float = 3.0
) -> tuple[ForeignServer, ...]:
    """Every other server that answers a DISCOVER within `wait` seconds, in the order of addresses."""
    raise NotImplementedError


async def watch(
    interface: str,
    own_address: IPv4Address,
    interval: float,
    on_change: Callable[[frozenset[ForeignServer]], None],
    on_event: Callable[[DhcpEvent], None],
) -> None:
    """Probe every `interval` seconds until cancelled; `on_change` gets the whole set when it differs."""
    raise NotImplementedError
