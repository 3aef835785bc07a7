"""Asks a time server from the jump host, on a connected socket: only that hears that the port is closed."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address

from harmony.modules.preflight.clocks import TimeAnswer, TimeSilence
from provisioner.protocol.errors import MalformedNtpPacket
from provisioner.protocol.ntp.exchange import Told, question, told

_TRIES = 3
_TRY_SECONDS = 1.2
_LARGEST = 2048
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN)

Clock = Callable[[], float]


async def ask_all(
    servers: Sequence[IPv4Address], clock: Clock, port: int = 123
) -> tuple[TimeAnswer, ...]:
    """Each server's answer, in their order; all are asked at the same time. `clock` is in Unix seconds."""
    return tuple(await asyncio.gather(*(ask(one, clock, port) for one in servers)))


async def ask(server: IPv4Address, clock: Clock, port: int = 123) -> TimeAnswer:
    """Ends within four seconds."""
    silence = TimeSilence.TIMED_OUT
    for _ in range(_TRIES):
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                return _answer(server, await _exchange(str(server), clock, port))
        except TimeoutError:
            silence = TimeSilence.TIMED_OUT
        except MalformedNtpPacket:
            silence = TimeSilence.NO_NTP
        except ConnectionRefusedError:
            return TimeAnswer(server, silence=TimeSilence.PORT_CLOSED)
        except OSError as error:
            if error.errno not in _NO_ROUTE:
                raise
            return TimeAnswer(server, silence=TimeSilence.UNREACHABLE)
    return TimeAnswer(server, silence=silence)


def _answer(server: IPv4Address, said: Told) -> TimeAnswer:
    return TimeAnswer(
        server, said.offset, said.delay / 2, said.stratum, said.synchronized, said.kiss
    )


async def _exchange(server: str, clock: Clock, port: int) -> Told:
    loop = asyncio.get_running_loop()
    cookie = secrets.randbits(64)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)
        await loop.sock_connect(own, (server, port))
        asked = clock()
        await loop.sock_sendall(own, question(cookie))
        while True:
            payload = await loop.sock_recv(own, _LARGEST)
            said = told(payload, cookie, asked, clock())
            if said is not None:
                return said
            await asyncio.sleep(0)  # somebody else's: the others have their turn all the same
