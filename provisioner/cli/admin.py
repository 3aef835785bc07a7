"""The daemon's admin API, asked from the command line: one answer, then done."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from inventory.errors import OperatorError, PeerError
from provisioner.cli.places import ROOTS_STATE
from provisioner.serve.reached_socket import reached_socket

EVENTS_AT_ONCE = 1000


class Admin:
    """Asks the daemon behind one Unix socket. Raises OperatorError if no daemon is there, or if it
    refuses; PeerError if its answer can't be understood."""

    def __init__(self, path: Path, events_at_once: int = EVENTS_AT_ONCE) -> None:
        self._socket = path
        self._events_at_once = events_at_once

    def status(self) -> dict[str, Any]:
        """Version, process, networks served, foreign DHCP servers."""
        answer: dict[str, Any] = self._ask("GET", "/v1/status")
        return answer

    def hosts(self) -> list[dict[str, Any]]:
        """The declared hosts, each with the state of its machine."""
        answer: list[dict[str, Any]] = self._ask("GET", "/v1/hosts")
        return answer

    def machines(self) -> list[dict[str, Any]]:
        """The machines heard of, also those that match no host."""
        answer: list[dict[str, Any]] = self._ask("GET", "/v1/machines")
        return answer

    def leases(self) -> list[dict[str, Any]]:
        """Every address that somebody has, had, disputes or shall have."""
        answer: list[dict[str, Any]] = self._ask("GET", "/v1/leases")
        return answer

    def release(self, which: str, *, although_alive: bool) -> dict[str, Any]:
        """Ends the lease of an address or a MAC; as it was before."""
        asked = {"although_alive": "true"} if although_alive else None
        path = f"/v1/leases/{quote(which, safe='')}"
        answer: dict[str, Any] = self._ask("DELETE", path, asked)
        return answer

    def artifacts(self) -> dict[str, str]:
        """The sha256 of all that is served and installed, by name."""
        found: dict[str, str] = {}
        for one in self._ask("GET", "/v1/contributions"):
            document = self._ask("GET", f"/v1/contributions/{quote(one['owner'])}")
            ramdisk: dict[str, Any] = document["ramdisk"] or {}
            kept: list[dict[str, Any]] = [
                *document["artifacts"],
                *(ramdisk[part] for part in ("kernel", "initrd") if ramdisk),
                *(installation["image"] for installation in document["installations"]),
            ]
            found |= {artifact["name"]: artifact["sha256"] for artifact in kept}
        return found

    def events(self, host: str | None = None, after: int = 0) -> Iterator[dict[str, Any]]:
        """Events of one host or all, oldest first, from the one after `after` to the last."""
        of = {"host": host} if host else {}
        while True:
            asked = {"after": str(after), "limit": str(self._events_at_once)} | of
            found: list[dict[str, Any]] = self._ask("GET", "/v1/events", asked)
            yield from found
            if len(found) < self._events_at_once:
                return
            after = found[-1]["seq"]

    def tell(self, kind: str, host: str | None, detail: Mapping[str, object]) -> None:
        """Has the daemon log what a command has found out."""
        self._ask("POST", "/v1/events", body={"kind": kind, "host": host, "detail": detail})

    def script(self, host: str) -> str:
        """The boot script the host would get now, secrets masked."""
        return self._send("GET", f"/v1/hosts/{quote(host, safe='')}/script").text

    def approve(self, machine: str, host: str) -> None:
        """Says that a machine is a host: an operator's word."""
        self._ask("POST", f"/v1/machines/{quote(machine, safe='')}/approval", body={"host": host})

    def reinstall(self, host: str) -> None:
        """Orders a fresh installation at the host's next network boot."""
        self._ask("POST", f"/v1/hosts/{quote(host, safe='')}/reinstall")

    def retry(self, host: str) -> None:
        """Lets a failed host try again."""
        self._ask("POST", f"/v1/hosts/{quote(host, safe='')}/retry")

    def _ask(
        self,
        method: str,
        path: str,
        asked: dict[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Any:
        answer = self._send(method, path, asked, body)
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise PeerError(f"the daemon's answer to {path} is not JSON") from error

    def _send(
        self,
        method: str,
        path: str,
        asked: dict[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        try:
            with reached_socket(self._socket) as address:
                _knock(address)
                transport = httpx.HTTPTransport(uds=address)
                with httpx.Client(
                    transport=transport, base_url="http://daemon", timeout=30
                ) as client:
                    answer = client.request(method, path, params=asked, json=body)
        except PermissionError as error:
            raise OperatorError(f"{self._socket} is not yours: run it under sudo") from error
        except (OSError, httpx.TransportError) as error:
            raise OperatorError(nobody_answers(self._socket, os.geteuid())) from error
        if answer.is_error:
            raise OperatorError(_refusal(answer))
        return answer


def _knock(address: str) -> None:
    """Raises OSError if nobody listens: httpx never closes a Unix socket that it could not connect."""
    with socket.socket(socket.AF_UNIX) as knock:
        knock.connect(address)


def nobody_answers(asked: Path, user: int, roots: Path = ROOTS_STATE) -> str:
    """In words; a `user` who isn't root is told of root's state, if there is one."""
    words = (
        f"no daemon answers at {asked}; is `provisioner serve SITE.py` running, "
        "with the same --state?"
    )
    if user != 0 and roots.is_dir() and not asked.is_relative_to(roots):
        words += f" There is root's in {roots}: run it under sudo"
    return words


def _refusal(answer: httpx.Response) -> str:
    try:
        said: Any = answer.json()
        return str(said.get("message") or said.get("detail") or said)
    except (AttributeError, ValueError):
        return f"the daemon refused with {answer.status_code}: {answer.text[:200]}"
