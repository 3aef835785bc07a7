"""A name server that says whatever a test wants, on a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncGenerator, Callable

import dns.message
import dns.rcode
import dns.tsig

from harmony.infra.dynamic_dns.tsig_key import TsigKey

KEY = TsigKey("harmony", "hmac-sha256", b"0123456789abcdef")
RING = dns.tsig.Key(KEY.name, KEY.secret, KEY.algorithm)
Say = Callable[[dns.message.Message], bytes | None]


@contextlib.asynccontextmanager
async def odd_server(say: Say) -> AsyncGenerator[int]:
    """`say` gets what was asked and gives the bytes to answer with, the length before a message included;
    nothing more is said then. None is silence. Yields the port."""
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            asked = dns.message.from_wire(await reader.readexactly(length), keyring=RING)
            said = say(asked)
            if said is None:
                await ended.wait()
            else:
                writer.write(said)
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        ended.set()
        server.close()
        await server.wait_closed()


def framed(wire: bytes) -> bytes:
    return struct.pack("!H", len(wire)) + wire


def answer(
    asked: dns.message.Message, rcode: int = 0, *, key: dns.tsig.Key | None = None, error: int = 0
) -> bytes:
    """Signed with the key, if there is one; `error` is that of the signature."""
    response = dns.message.make_response(asked)
    response.use_tsig(key, tsig_error=error) if key else setattr(response, "tsig", None)
    response.set_rcode(dns.rcode.Rcode(rcode))
    response.request_mac = asked.mac or b""
    return framed(response.to_wire())
