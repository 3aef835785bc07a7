"""Serves the admin API on a Unix socket that the daemon's user can open, and its group if wanted."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

from provisioner.serve.errors import SocketNotBound
from provisioner.serve.reached_socket import reached_socket


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the daemon has its own."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class AdminServer:
    """`mode` is the permission bits of the socket at `path`."""

    def __init__(self, path: Path, api: FastAPI, mode: int = 0o600) -> None:
        self._path = path
        self._mode = mode
        config = uvicorn.Config(
            api, log_level="error", access_log=False, lifespan="off", http="h11", ws="none"
        )
        self._server = _Server(config)
        self._listener: socket.socket | None = None

    def bind(self) -> None:
        """Open the socket; one that a killed daemon left is replaced. Raises SocketNotBound."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        fresh = self._path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            with reached_socket(fresh) as address:
                listener.bind(address)
            fresh.chmod(self._mode)
            listener.listen(128)
            fresh.rename(self._path)
        except OSError as error:
            listener.close()
            raise SocketNotBound(
                f"the admin socket {self._path}: {error.strerror or error}"
            ) from error
        self._listener = listener

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        assert self._listener is not None, "bind() comes first"
        await self._server.serve(sockets=[self._listener])

    def close(self) -> None:
        """Close the socket and take its name away."""
        if self._listener is not None:
            self._listener.close()
            self._path.unlink(missing_ok=True)
