"""A peer that is made to wait for its disk."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from bench.peers.synced import synced
from bench.subject import Place, Running, Subject
from bench.wire import wire

pytestmark = pytest.mark.protocol


@contextlib.contextmanager
def lease_file_written(place: Place) -> Generator[Running]:
    (place.folder / "leases").write_text("")
    yield Running(())


def test_its_files_are_synced_at_each_write(tmp_path: Path) -> None:
    peer = synced(Subject("peer", lease_file_written))
    assert peer.name == "peer, synced"
    with wire() as joined, peer.start(Place(joined, tmp_path)):
        told = subprocess.run(
            ("lsattr", str(tmp_path / "leases")), capture_output=True, text=True, check=True
        )
    assert "S" in told.stdout.split()[0]
