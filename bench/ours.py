"""Our daemon as it is shipped: event log, probing, reservations and the admin API on."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import OURS
from bench.site import site
from bench.subject import Place, Running, Subject
from inventory.contribution import Contribution
from tests.peers.daemon_child import DaemonChild


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
        child = DaemonChild(place.wire.server, place.folder / "state", under=self.under)
        if self.programs is not None:
            child.boot_programs = self.programs
        child.start()
        try:
            child.put(self.declared).raise_for_status()
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
