from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from provisioner.images.calling import caller, enter_network

pytestmark = pytest.mark.protocol

OWN = Path("/proc/thread-self/ns/net")


def test_who_called_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    assert caller() is None
    monkeypatch.setenv("SUDO_UID", "1000")
    monkeypatch.setenv("SUDO_GID", "1001")
    assert caller() == (1000, 1001)


def test_only_the_thread_that_asks_enters_the_network() -> None:
    with subprocess.Popen(
        ("unshare", "--net", "cat"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin is not None
        theirs = Path(f"/proc/{other.pid}/ns/net")
        own = OWN.readlink()
        while theirs.readlink() == own:
            pass
        seen: list[Path] = []

        def enter() -> None:
            with theirs.open() as namespace:
                enter_network(namespace.fileno())
            seen.append(OWN.readlink())

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        assert seen == [theirs.readlink()]
        assert OWN.readlink() == own
        other.stdin.close()
