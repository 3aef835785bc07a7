"""DNS by TCP: queries one after another, each with its length before it (RFC 1035, 4.2.2; RFC 7766)."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
from collections.abc import Awaitable, Callable

from provisioner.serve.faults import Faults

_IDLE = 10.0
"""Seconds that a client may take for its next query and to take the answer (RFC 7766, 6.2.3)."""
_MOST = 128
_AFTER_A_FAILED_ACCEPT = 0.1
"""Seconds."""


class DnsConnections:
    """`answer` is given a query and its sender's address, and gives the answer, or None to what gets
    none. Where `_MOST` connections are open, a new one takes the place of the one that was silent for
    longest: whoever opens many and says nothing is in nobody's way."""

    def __init__(
        self,
        listening: socket.socket,
        answer: Callable[[bytes, str], Awaitable[bytes | None]],
        faults: Faults,
    ) -> None:
        self._listening = listening
        self._answer = answer
        self._faults = faults
        self._silent: dict[socket.socket, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Accept until cancelled."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    connection, (peer, _) = await loop.sock_accept(self._listening)
                except OSError:
                    # The client has gone already, or this process has no descriptor left.
                    await asyncio.sleep(_AFTER_A_FAILED_ACCEPT)
                    continue
                if len(self._silent) >= _MOST:
                    self._silent.pop(next(iter(self._silent))).cancel()
                task = tasks.create_task(self._converse(connection, peer))
                self._silent[connection] = task
                # Not by the task itself: one that is cancelled at once never begins.
                task.add_done_callback(functools.partial(self._ended, connection))
                await asyncio.sleep(0)  # who waits already is accepted without a turn of the others

    async def _converse(self, connection: socket.socket, peer: str) -> None:
        """Until the client closes, stays idle, or says something that is no query."""
        try:
            reader, writer = await asyncio.open_connection(sock=connection)
            with contextlib.closing(writer):
                while await self._exchange(reader, writer, peer):
                    self._silent[connection] = self._silent.pop(connection)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        except Exception as fault:  # a bug costs one connection
            self._faults.tell(fault)

    def _ended(self, connection: socket.socket, _: asyncio.Task[None]) -> None:
        self._silent.pop(connection, None)
        connection.close()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str
    ) -> bool:
        async with asyncio.timeout(_IDLE):
            length = int.from_bytes(await reader.readexactly(2))
            query = await reader.readexactly(length)
        wire = await self._answer(query, peer)
        if wire is None:
            return False
        async with asyncio.timeout(_IDLE):
            writer.write(len(wire).to_bytes(2) + wire)
            await writer.drain()
        return True
