"""The TFTP server's edge: one socket for requests, one for each transfer."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

from provisioner.protocol.tftp.event import TftpEvent

OpenFile = Callable[[str, IPv4Address], bytes | Path | None]


class TftpServer:
    """Serves reads on one interface. `open_file(path, peer)` gets a path without leading slash, `.`
    or `..` and answers with the bytes, a file, or None (not found: ERROR 1 at once)."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        open_file: OpenFile,
        on_event: Callable[[TftpEvent], None],
        port: int = 69,
    ) -> None: ...

    def bind(self) -> None:
        """Open the request socket, on the interface only. Raises SocketNotBound."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Answer until cancelled; transfers under way end with it."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        raise NotImplementedError
