"""The DNS server's edge: UDP and TCP on one address."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from provisioner.protocol.dns.event import DnsEvent
from provisioner.protocol.dns.zone import Zones


class DnsServer:
    """Authoritative for what `zones()` says at the moment of each query; REFUSED for the rest."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        zones: Callable[[], Zones],
        on_event: Callable[[DnsEvent], None],
        port: int = 53,
    ) -> None: ...

    def bind(self) -> None:
        """Open UDP and TCP, on the interface only. Raises SocketNotBound."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Answer until cancelled."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        raise NotImplementedError
