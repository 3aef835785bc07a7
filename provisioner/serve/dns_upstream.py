"""Asks forwarders over the network: by UDP, each question from a port of its own under a random id (RFC
5452), and by TCP for what is longer."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address

from provisioner.protocol.dns.upstream import Question, Told, Verdict, judged

PORT = 53
_PATIENCE = 2.0
"""Seconds for one try."""
_PATIENCE_OF_CLIENTS = 4.0
"""Seconds for all of them: a client gives up after five."""
_LEAST_TRIES = 2
_MOST_TRIES = 4
_LARGEST_DATAGRAM = 65_535


class Upstream:
    """The forwarder that answered last is asked first, the others when it doesn't."""

    def __init__(self) -> None:
        self._good: IPv4Address | None = None

    async def ask(self, question: Question, forwarders: Sequence[IPv4Address]) -> Told | None:
        """The answer to the question and nothing else; None if no forwarder has one in time."""
        order = sorted(dict.fromkeys(forwarders), key=lambda one: one != self._good)
        tries = max(_LEAST_TRIES, min(len(order), _MOST_TRIES))
        patience = min(_PATIENCE, _PATIENCE_OF_CLIENTS / tries)
        unable: set[IPv4Address] = set()
        for at in range(tries):
            forwarder = order[at % len(order)]
            if forwarder in unable:
                continue
            reply = await _asked(question, forwarder, patience)
            if isinstance(reply, Told):
                self._good = forwarder
                return reply
            if reply is Verdict.UNABLE:
                unable.add(forwarder)
        return None


async def _asked(
    question: Question, forwarder: IPv4Address, patience: float
) -> Told | Verdict | None:
    """The answer; UNABLE if the forwarder says that it has none; None if it says nothing."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(patience):
            reply = await _by_udp(question, forwarder)
        if reply is Verdict.TRUNCATED:
            async with asyncio.timeout(patience):
                reply = await _by_tcp(question, forwarder)
        return reply if isinstance(reply, Told) else Verdict.UNABLE
    return None


async def _by_udp(question: Question, forwarder: IPv4Address) -> Told | Verdict:
    """A connected socket takes datagrams of that address and port only; the kernel chooses its own."""
    loop, id = asyncio.get_running_loop(), secrets.randbits(16)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as udp:
        udp.connect((str(forwarder), PORT))
        await loop.sock_sendall(udp, question.wire(id))
        while True:
            verdict = judged(await loop.sock_recv(udp, _LARGEST_DATAGRAM), question, id)
            if verdict is not Verdict.STRANGE:
                return verdict
            await asyncio.sleep(0)  # what is there already is received without a turn of the others


async def _by_tcp(question: Question, forwarder: IPv4Address) -> Told | Verdict:
    id = secrets.randbits(16)
    query = question.wire(id)
    reader, writer = await asyncio.open_connection(str(forwarder), PORT)
    with contextlib.closing(writer):
        writer.write(len(query).to_bytes(2) + query)
        await writer.drain()
        length = int.from_bytes(await reader.readexactly(2))
        return judged(await reader.readexactly(length), question, id)
