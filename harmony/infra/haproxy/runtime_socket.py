"""HAProxy's runtime socket: one connection a command. Source: HAProxy 2.6's Management Guide, 9.3."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from harmony.infra.errors import ServiceUnreachableError

_SECONDS = 5.0


class NobodyListensError(ServiceUnreachableError):
    """There is no such socket, or nobody who listens on it: HAProxy isn't running."""


def ask(place: Path, command: str) -> str:
    """Its whole answer, without the blank lines at its end. Raises ServiceUnreachableError."""
    try:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(str(place))
            connection.sendall(f"{command}\n".encode())
            return _read(connection).decode(errors="replace").rstrip("\n")
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise NobodyListensError(f"HAProxy doesn't run: nobody listens at {place}") from error
    except OSError as error:
        raise ServiceUnreachableError(f"HAProxy doesn't answer at {place}: {error}") from error


def _read(connection: socket.socket) -> bytes:
    parts: list[bytes] = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)
