"""One machine's way from power-on to its kernel: DHCP and TFTP as PXE, then DHCP and HTTP as iPXE."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from bench.storm.dhcp_line import Leased
from bench.storm.http_get import HttpGet
from bench.storm.loop import Loop
from bench.storm.message import Stage, mac_of
from bench.storm.tftp_get import TftpGet


class Step(StrEnum):
    """In their order."""

    PXE_DHCP = "dhcp as PXE"
    TFTP = "tftp"
    IPXE_DHCP = "dhcp as iPXE"
    SCRIPT = "script"
    KERNEL = "kernel"


class Line(Protocol):
    """Where it asks for an address."""

    def exchange(
        self, number: int, stage: Stage, done: Callable[[Leased], None], failed: Callable[[], None]
    ) -> None: ...


class Machine:
    """`took` has the seconds of each step done; `gave_up` says why, if it did. `ended` is called once."""

    def __init__(self, number: int, loop: Loop, line: Line, ended: Callable[[], None]) -> None:
        self.number = number
        self.took: dict[Step, float] = {}
        self.gave_up: str | None = None
        self.tries = 0
        self._loop, self._line, self._ended = loop, line, ended
        self._address = self._server = ""
        self._since = 0.0

    def power_on(self) -> None:
        self._ask_as(Stage.PXE, self._leased_pxe, Step.PXE_DHCP)

    def _leased_pxe(self, leased: Leased) -> None:
        self.took[Step.PXE_DHCP] = leased.seconds
        self.tries += leased.tries
        if not leased.file:
            self._give_up("nothing to boot by TFTP")
            return
        self._address = socket.inet_ntoa(leased.address)
        server = socket.inet_ntoa(leased.next_server)
        self._since = time.monotonic()
        TftpGet(self._loop, self._address, server, leased.file, self._loaded, self._give_up)

    def _loaded(self, _size: int) -> None:
        self._note(Step.TFTP)
        self._ask_as(Stage.IPXE, self._leased_ipxe, Step.IPXE_DHCP)

    def _leased_ipxe(self, leased: Leased) -> None:
        self.took[Step.IPXE_DHCP] = leased.seconds
        self.tries += leased.tries
        if not leased.file.startswith("http://"):
            self._give_up(f"no script to boot, but {leased.file!r}")
            return
        self._since = time.monotonic()
        url = expanded(leased.file, self.number)
        HttpGet(self._loop, self._address, url, True, self._scripted, self._give_up)

    def _scripted(self, script: bytes) -> None:
        self._note(Step.SCRIPT)
        url = kernel_in(script.decode())
        if url is None:
            self._give_up("no kernel in the script")
            return
        self._since = time.monotonic()
        HttpGet(self._loop, self._address, url, False, self._booted, self._give_up)

    def _booted(self, _body: bytes) -> None:
        self._note(Step.KERNEL)
        self._ended()

    def _ask_as(self, stage: Stage, done: Callable[[Leased], None], step: Step) -> None:
        self._line.exchange(self.number, stage, done, lambda: self._give_up(f"{step}: no answer"))

    def _note(self, step: Step) -> None:
        self.took[step] = time.monotonic() - self._since

    def _give_up(self, why: str) -> None:
        self.gave_up = why
        self._ended()


def expanded(url: str, number: int) -> str:
    """With what iPXE knows of its machine in place of `${…}`."""
    known = {
        "${platform}": "pcbios",
        "${uuid}": f"00000000-0000-0000-0000-{mac_of(number).hex()}",
        "${serial:uristring}": f"S{number}",
    }
    for name, value in known.items():
        url = url.replace(name, value)
    return url


def kernel_in(script: str) -> str | None:
    """The URL of the first line that loads one."""
    words = (line.split() for line in script.splitlines())
    return next((line[1] for line in words if line[:1] == ["kernel"] and len(line) > 1), None)
