"""`provisioner serve` while images are missing, lost, or can't be built."""

from __future__ import annotations

import contextlib
import shutil
import signal
import time

import pytest

from inventory.errors import OperatorError
from provisioner.cli.admin import Admin
from tests.peers.daemon_child import DaemonChild
from tests.peers.serve_child import ServeChild
from tests.provisioner.cli.small_site import WORKS


@pytest.mark.protocol
def test_a_missing_artifact_at_once_and_after_a_restart(serve: ServeChild) -> None:
    cache = serve.place.root.parent / "cache"
    missing = f"the artifact vmlinuz of images/ramdisk isn't there: {cache / 'vmlinuz'}"
    assert serve.attempt("loses-file") == (
        1,
        "error: the contribution of 'images/ramdisk' can't be served: "
        f"{missing}; {missing.replace('vmlinuz', 'initrd.img')}\n",
    )
    serve.start()
    serve.until(WORKS)
    assert serve.end(signal.SIGTERM) == 0
    (cache / "vmlinuz").unlink()
    assert serve.attempt("loses-file") == (
        1,
        f"error: the contribution of 'images/ramdisk' can't be served: {missing}\n",
    )


@pytest.mark.protocol
def test_an_emptied_cache_is_filled_again(serve: ServeChild) -> None:
    """While the daemon is there, and while none is."""
    cache = serve.place.root.parent / "cache"
    serve.start()
    serve.until(WORKS)
    shutil.rmtree(cache)
    serve.kill_daemon()
    serve.until("starting it again")
    until_missing(serve, 5)
    assert serve.end(signal.SIGTERM) == 0
    serve.start()
    serve.until(WORKS)
    until_missing(serve, 0)
    assert serve.end(signal.SIGTERM) == 0


def until_missing(serve: ServeChild, count: int) -> None:
    """Returns when the daemon answers that so many files are missing."""
    admin, deadline, told = Admin(serve.place.admin_socket), time.monotonic() + 60, "nothing"
    while time.monotonic() < deadline:
        with contextlib.suppress(OperatorError):
            told = admin.status()["missing_files"]
            if len(told) == count:
                return
        time.sleep(0.1)
    raise AssertionError(told)


@pytest.mark.protocol
def test_an_image_that_cannot_be_built(serve: ServeChild) -> None:
    assert serve.attempt("refuses") == (
        1,
        "error: boot-programs was not built: no mirror answers\n",
    )
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_machines_are_served_though_an_image_can_not_be_built(serve: ServeChild) -> None:
    serve.start("refuses-images")
    line = serve.until("machines are served all the same")
    assert line.rstrip().endswith(
        "ramdisk was not built: no mirror answers; machines are served all the same,"
        " tried again in 15 s"
    )
    assert serve.daemon_pid() is not None
    assert serve.end(signal.SIGTERM) == 0


@pytest.mark.protocol
def test_a_service_that_has_not_what_its_version_needs_says_what_to_do(serve: ServeChild) -> None:
    """systemd's daemon has boot programs of its own, though none can be built now."""
    serve.place.root.mkdir()
    daemon = DaemonChild(serve.station, serve.place.daemon)
    daemon.start()
    serve.start("refuses", "--join")
    line = serve.until("machines are served all the same")
    again = "(`provisioner install-service SITE.py` builds what this version needs)"
    assert line.rstrip().endswith(again)
    assert serve.end(signal.SIGTERM) == 0
    assert daemon.answers()
    daemon.kill()
    daemon.admin.close()
