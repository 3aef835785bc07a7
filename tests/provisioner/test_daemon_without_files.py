"""The daemon started again after somebody has emptied the cache: what is there is served at once, what
isn't as soon as it is back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine
from tests.provisioner.test_daemon import MAC, contributions

pytestmark = pytest.mark.protocol


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def daemon(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    station = wire.station("lan0", "10.7.0.1/24")
    child = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
    child.start()
    for contribution in contributions(tmp_path):
        child.put(contribution).raise_for_status()
    assert child.terminate() == 0
    yield child
    child.admin.close()


def missing_files(daemon: DaemonChild) -> list[str]:
    found: list[str] = daemon.admin.get("/v1/status").json()["missing_files"]
    return found


def until_waiting_for(daemon: DaemonChild, words: str) -> None:
    deadline = time.monotonic() + 60
    while daemon.hosts()["cp1"]["waiting_for"] != words:
        assert time.monotonic() < deadline, daemon.hosts()["cp1"]
        time.sleep(0.05)


def test_what_is_missing_is_named_waited_for_and_served_when_it_is_back(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    put = contributions(tmp_path)
    kernel, image, aside = tmp_path / "vmlinuz", tmp_path / "node-image", tmp_path / "aside"
    kernel_bytes = kernel.read_bytes()
    kernel.unlink()
    image.rename(aside)
    image.write_bytes(b"half")
    daemon.start()
    named = [
        f"the artifact vmlinuz isn't there: {kernel}",
        f"the artifact node-image has 4 bytes, not 500000: {image}",
    ]
    logged = [event["detail"]["problem"] for event in daemon.events("ServedFileMissing")]
    assert sorted(logged) == sorted(missing_files(daemon)) == sorted(named)
    refused = daemon.put(put[1])
    assert (refused.status_code, refused.json()["diagnostics"][0]["code"]) == (409, "HP0304")

    machine = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    script = machine.station.call(machine.boot_from_network)
    url = next(word for word in script.split() if word.endswith("/vmlinuz"))
    with pytest.raises(ConnectionError, match=r"gave 503: .*vmlinuz isn't there; ask again"):
        machine.station.call(lambda: machine.http_once("GET", url))
    kernel.write_bytes(kernel_bytes)
    assert machine.station.call(lambda: machine.http_once("GET", url)).body == kernel_bytes

    with ThreadPoolExecutor(1) as thread:
        installed = thread.submit(machine.station.call, lambda: machine.run_ramdisk(script))
        until_waiting_for(daemon, "its image node-image, which has 4 bytes, not 500000")
        assert machine.writings == []
        aside.rename(image)
        installed.result(timeout=120)
    assert daemon.hosts()["cp1"]["state"] == "installed"
    assert missing_files(daemon) == []
    assert daemon.terminate() == 0


def test_boot_programs_that_are_gone(daemon: DaemonChild, tmp_path: Path) -> None:
    folder = daemon.boot_programs
    daemon.boot_programs = tmp_path
    daemon.start()
    assert missing_files(daemon) == [
        f"the boot program {name} isn't there: {tmp_path / name}"
        for name in ("undionly.kpxe", "snponly.efi")
    ]
    for name in ("undionly.kpxe", "snponly.efi"):
        (tmp_path / name).symlink_to(folder / name)
    assert missing_files(daemon) == []
    assert daemon.terminate() == 0
