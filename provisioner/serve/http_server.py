"""HTTP/1.1 for machines, on one interface: the listener."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address

from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.faults import Faults
from provisioner.serve.http_conversation import Conversation, Handler

_MOST_CONNECTIONS = 512
_MOST_OF_ONE_PEER = 32
_AFTER_A_FAILED_ACCEPT = 0.1
"""Seconds."""


class HttpServer:
    """Serves one interface. `answer` is never cancelled by a client that goes away; `clock` gives
    epoch seconds, for the Date header."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        port: int,
        answer: Handler,
        clock: Callable[[], float],
    ) -> None:
        self._interface = interface
        self._address = address
        self._port = port
        self._answer = answer
        self._clock = clock
        self._listener: socket.socket | None = None
        self._open: Counter[IPv4Address] = Counter()
        self._faults = Faults()

    def bind(self) -> None:
        """Open the socket, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        self._listener = bound_socket(
            socket.SOCK_STREAM, self._interface, self._address, self._port, "HTTP"
        )

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        assert self._listener is not None, "bind() comes first"
        loop = asyncio.get_running_loop()
        free = asyncio.Semaphore(_MOST_CONNECTIONS)
        async with asyncio.TaskGroup() as conversations:
            while True:
                await free.acquire()
                try:
                    connection, peer = await loop.sock_accept(self._listener)
                except OSError:
                    # The client has gone already, or this process has no descriptor left.
                    free.release()
                    await asyncio.sleep(_AFTER_A_FAILED_ACCEPT)
                    continue
                conversation = self._converse(connection, IPv4Address(peer[0]), free)
                conversations.create_task(conversation)

    def close(self) -> None:
        """Close the socket; harmless when not bound."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    async def _converse(
        self, connection: socket.socket, peer: IPv4Address, free: asyncio.Semaphore
    ) -> None:
        self._open[peer] += 1
        try:
            if self._open[peer] > _MOST_OF_ONE_PEER:
                return
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conversation = Conversation(connection, peer, self._answer, self._clock, self._faults)
            await conversation.go_on()
            await conversation.linger()
        except (OSError, TimeoutError):
            pass  # the client went away or fell silent: its own affair
        except Exception as fault:  # a bug costs one connection: the others go on
            self._faults.tell(fault)
        finally:
            connection.close()
            free.release()
            self._open[peer] -= 1
            if not self._open[peer]:
                del self._open[peer]
