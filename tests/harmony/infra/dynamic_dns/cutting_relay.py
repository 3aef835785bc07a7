"""Between a client and a name server: passes each message on, and at one of them says `now`."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

SERVER = ("127.0.0.1", 53)


@dataclass
class CuttingRelay:
    """`cut` is called at the exchange number `at`: before the server gets what is asked, or once it has
    answered, which the client then never hears."""

    at: int
    answered: bool
    cut: Callable[[], None]
    seen: int = field(default=0)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncGenerator[int]:
        """Yields the port."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]

    async def _pass_on(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        number, self.seen = self.seen, self.seen + 1
        with contextlib.closing(to_client):
            asked = await _message(client)
            if number == self.at and not self.answered:
                self.cut()
                return
            server, to_server = await asyncio.open_connection(*SERVER)
            with contextlib.closing(to_server):
                to_server.write(asked)
                said = await _message(server)
            if number == self.at:
                self.cut()
                return
            to_client.write(said)
            with contextlib.suppress(ConnectionError):
                await to_client.drain()


async def _message(stream: asyncio.StreamReader) -> bytes:
    length = await stream.readexactly(2)
    return length + await stream.readexactly(struct.unpack("!H", length)[0])
