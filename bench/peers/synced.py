"""A peer that doesn't wait for its disk, made to: as durable as we are."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Generator

from bench.subject import Place, Running, Subject


def synced(peer: Subject) -> Subject:
    """The same, but nothing that it writes to its folder returns before it is on the disk: the files that
    come to be there inherit the attribute (chattr(1), `S`)."""

    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        subprocess.run(("chattr", "+S", str(place.folder)), check=True)
        with peer.start(place) as running:
            yield running

    return Subject(f"{peer.name}, synced", start)
