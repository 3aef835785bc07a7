"""The daemon's admin API as a client sees it: contributions put whole, views read back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from harmony.domain.outcome import Change
from harmony.infra.errors import (
    ContributionRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from inventory.contribution import Contribution
from inventory.declaration import contribution_json
from inventory.diagnostic import Diagnostic
from inventory.socket_address import socket_address

_DIAGNOSTICS = TypeAdapter(tuple[Diagnostic, ...])
_SECONDS = 30.0
CONFLICT = 409


class DaemonClient:
    """Asks the daemon behind one Unix socket. Every method raises ServiceUnreachableError when none
    is there, and ServiceRefusedError for an answer that can't be worked with."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._folders: list[int] = []
        self._client: httpx.AsyncClient | None = None

    async def answers(self) -> bool:
        """Whether a daemon is there and well."""
        try:
            await self.get("/v1/status")
        except (ServiceUnreachableError, ServiceRefusedError):
            return False
        return True

    async def close(self) -> None:
        """Closes what is open to the daemon."""
        if self._client is not None:
            await self._client.aclose()
        while self._folders:
            os.close(self._folders.pop())

    async def put_contribution(self, contribution: Contribution) -> Change:
        """Makes the contribution its owner's whole wish.

        Raises ContributionRefusedError, with the daemon's diagnostics, if it can't be served or
        collides with another owner's; nothing has changed then.
        """
        owner = contribution.owner
        path = f"/v1/contributions/{quote(owner, safe='')}"
        document = contribution_json(contribution).encode()
        answer = await self._send("PUT", path, document)
        if answer.status_code == CONFLICT:
            raise _refused(answer)
        said = _json(_accepted(answer))
        return Change(bool(said["changed"]), f"{owner} served")

    async def put_preparation(
        self, name: str, percent: float, remaining_seconds: float | None
    ) -> None:
        """Tells the machines that wait how far `name` is; `percent` is 0 to 100."""
        step = TypeAdapter(dict[str, float | None]).dump_json(
            {"percent": percent, "remaining_seconds": remaining_seconds}
        )
        _accepted(await self._send("PUT", f"/v1/preparations/{quote(name, safe='')}", step))

    async def delete_preparation(self, name: str) -> None:
        """Nothing waits for `name` any more."""
        _accepted(await self._send("DELETE", f"/v1/preparations/{quote(name, safe='')}"))

    async def get(self, path: str) -> Any:
        """The JSON at `path`."""
        return _json(_accepted(await self._send("GET", path)))

    async def _send(self, method: str, path: str, document: bytes | None = None) -> httpx.Response:
        headers = {} if document is None else {"Content-Type": "application/json"}
        try:
            client = self._opened()
            return await client.request(method, path, content=document, headers=headers)
        except (OSError, httpx.TransportError) as error:
            raise ServiceUnreachableError(f"no daemon answers at {self._socket}") from error

    def _opened(self) -> httpx.AsyncClient:
        """Raises OSError if the socket's path is long and its folder isn't there (yet)."""
        if self._client is None:
            address = socket_address(self._socket, self._open_folder)
            self._client = httpx.AsyncClient(
                transport=httpx.AsyncHTTPTransport(uds=address),
                base_url="http://daemon",
                timeout=_SECONDS,
            )
        return self._client

    def _open_folder(self, folder: Path) -> int:
        self._folders.append(os.open(folder, os.O_PATH))
        return self._folders[-1]


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        words = f"the daemon refused with {answer.status_code}: {_message(answer)}"
        raise ServiceRefusedError(words, answer.status_code)
    return answer


def _message(answer: httpx.Response) -> str:
    """The daemon's own sentence, and nothing else of its answer: there could be secrets in it."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise ServiceRefusedError("the daemon's answer is not JSON") from error


def _refused(answer: httpx.Response) -> ContributionRefusedError:
    said = _json(answer)
    try:
        diagnostics = _DIAGNOSTICS.validate_python(said["diagnostics"])
        return ContributionRefusedError(str(said["message"]), diagnostics)
    except (KeyError, TypeError, ValidationError):
        return ContributionRefusedError(f"the daemon refused: {_message(answer)}")
