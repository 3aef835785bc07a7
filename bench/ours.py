"""Our daemon as it is shipped: event log, probing, reservations and the admin API on."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from bench.figure import OURS
from bench.site import site
from bench.subject import Place, Running, Subject
from inventory.contribution import Contribution
from tests.peers.daemon_child import DaemonChild


@contextlib.contextmanager
def daemon(place: Place) -> Generator[DaemonChild]:
    """It answers; nothing is declared yet."""
    child = DaemonChild(place.wire.server, place.folder / "state")
    child.start()
    try:
        yield child
    finally:
        child.kill()
        child.admin.close()


@contextlib.contextmanager
def _serving(place: Place) -> Generator[Running]:
    with daemon(place) as child:
        child.put(Contribution("site", site=site())).raise_for_status()
        yield Running((child.pid,))


PROVISIONER = Subject(OURS, _serving)
