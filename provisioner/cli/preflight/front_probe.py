"""Knocks at a port from the jump host: TCP, then TLS where it is due, then one HTTP request (RFC 9112).

No certificate is judged: before the cluster is there, nobody can have the right one.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl

from harmony.modules.preflight.fronts import End, Front, Knocked

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 4.0
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN)


async def knock(front: Front) -> Knocked:
    """Ends within seven seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
        own.setblocking(False)
        end = await _connected(own, front)
        if end is not None:
            return Knocked(end)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await _asked(own, front)
        except TimeoutError:
            return Knocked(End.SILENT)
        except (ssl.SSLEOFError, ConnectionError, asyncio.IncompleteReadError):
            return Knocked(End.CLOSED)
        except ssl.SSLError:
            return Knocked(End.NO_TLS)


async def _connected(own: socket.socket, front: Front) -> End | None:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            await loop.sock_connect(own, (str(front.address), front.port))
    except TimeoutError:
        return End.TIMED_OUT
    except ConnectionRefusedError:
        return End.REFUSED
    except OSError as error:
        if error.errno not in _NO_ROUTE:
            raise
        return End.UNREACHABLE
    return None


async def _asked(own: socket.socket, front: Front) -> Knocked:
    secure = _trusting() if front.tls else None
    name = front.host if front.tls else None
    reader, writer = await asyncio.open_connection(sock=own, ssl=secure, server_hostname=name)
    try:
        writer.write(
            f"GET {front.path} HTTP/1.1\r\nHost: {front.host}\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        begins = await reader.read(64)
    finally:
        writer.transport.abort()
    if not begins:
        return Knocked(End.CLOSED)
    status = _STATUS_LINE.match(begins)
    return Knocked(End.ANSWERED, int(status[1])) if status else Knocked(End.NO_HTTP)


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
