"""The DHCP server's edge: datagrams in, decisions made by the engine, one commit, replies out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import Protocol

from provisioner.protocol.dhcp.event import DhcpEvent
from provisioner.protocol.dhcp.lease import DurableChange, LeaseTable
from provisioner.protocol.dhcp.link import Link


class LeaseStore(Protocol):
    """Where leases outlive the daemon."""

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        """All or nothing, durable when it returns. Raises LeasesNotCommitted."""
        ...


class DhcpServer:
    """Serves one interface. `link` is asked anew for every batch, so that reservations and the presence
    of foreign servers follow the daemon's state; `clock` gives epoch seconds; `on_event` must not block."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        link: Callable[[], Link],
        leases: LeaseTable,
        store: LeaseStore,
        clock: Callable[[], float],
        on_event: Callable[[DhcpEvent], None],
        port: int = 67,
    ) -> None: ...

    def bind(self) -> None:
        """Open the sockets, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        raise NotImplementedError
