"""Our daemon as it is shipped: event log, probing, reservations and the admin API on."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import OURS
from bench.site import site
from bench.subject import Place, Running, Subject
from inventory.contribution import Contribution
from tests.peers.daemon_child import DaemonChild

_PATIENCE = 30.0
_NO_LONG_START = ("--probe-wait", "0.5")
"""It probes as often as ever, and waits less for other servers' answers before it hands out addresses."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """`declared` is the site's contribution; `programs` are its boot programs, by default iPXE's;
    `under` is a command that runs it, if there is one."""

    declared: Contribution = field(default_factory=lambda: Contribution("site", site=site()))
    programs: Path | None = None
    under: tuple[str, ...] = ()

    @contextlib.contextmanager
    def running(self, place: Place) -> Generator[DaemonChild]:
        """It serves what is declared."""
        state = place.folder / "state"
        child = DaemonChild(place.wire.server, state, *_NO_LONG_START, under=self.under)
        if self.programs is not None:
            child.boot_programs = self.programs
        child.start()
        try:
            child.put(self.declared).raise_for_status()
            _wait_until_nothing_is_withheld(child)
            yield child
        finally:
            child.kill()
            child.admin.close()

    @property
    def subject(self) -> Subject:
        """It, to be measured."""

        @contextlib.contextmanager
        def start(place: Place) -> Generator[Running]:
            with self.running(place) as child:
                yield Running((child.pid,))

        return Subject(OURS, start)


def _wait_until_nothing_is_withheld(child: DaemonChild) -> None:
    """No address is handed out before it has looked for other DHCP servers."""
    until = time.monotonic() + _PATIENCE
    while any(one["withheld"] for one in child.admin.get("/v1/status").json()["networks"]):
        assert time.monotonic() < until, "addresses are withheld"
        time.sleep(0.05)
