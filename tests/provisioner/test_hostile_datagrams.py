"""The daemon under a flood of hostile datagrams: good clients are answered, and its memory doesn't grow."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import AnyBlank, Host, Nic
from inventory.network import PROXY
from inventory.site import Site
from tests.built_boot_programs import boot_programs
from tests.dhcp_clients import Dhclient
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.flood import Flood
from tests.peers.served_site import CP1, LAN

pytestmark = pytest.mark.protocol

WARM_UP = 80_000
DATAGRAMS = 100_000
MOST_QUEUED = 50_000
MOST_GROWTH = 6 * 2**20
GOOD = Host("good", [Nic("02:aa:bb:cc:dd:01")], address="10.7.0.77", install_on=AnyBlank())
"""Nobody floods in its name: that would be enough to keep it from anything, whoever serves."""
SITE = Site("small", [LAN], [GOOD, CP1], domain="small.example")
PROGRAM = "undionly.kpxe"
PATIENCE = 60.0


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_good_clients_are_answered_and_memory_does_not_grow(wire: Segment, tmp_path: Path) -> None:
    """All of the first flood is read; the second is more than anybody could read, and when it is over
    everything is as before."""
    station = wire.station("lan0", "10.7.0.1/24")
    daemon = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
    daemon.start()
    daemon.put(Contribution("site", site=SITE)).raise_for_status()
    client, hostile = (
        wire.station("eth0", mac=GOOD.nics[0].mac),
        wire.station("eth0", "10.7.0.66/24"),
    )
    flood = Flood("10.7.0.1", lambda: longest_queue(station) < MOST_QUEUED)
    with flood.pouring(hostile):
        flood.wait_until(WARM_UP)
        served(client, tmp_path)
        before, begun = memory_of(daemon.pid), flood.sent
        served(client, tmp_path)
        flood.wait_until(begun + DATAGRAMS)
    overwhelming = Flood("10.7.0.1")
    with overwhelming.pouring(hostile):
        overwhelming.wait_until(DATAGRAMS)
    served(client, tmp_path)
    grown = memory_of(daemon.pid) - before
    assert grown < MOST_GROWTH, f"{grown / 2**20:.1f} MiB more than the {before / 2**20:.0f} before"
    assert "Traceback" not in daemon.log.read_text()
    assert daemon.terminate() == 0
    daemon.admin.close()


def test_more_than_can_be_read_takes_no_turns_from_the_others(
    wire: Segment, tmp_path: Path
) -> None:
    """Where another server gives the addresses, too: names are found all the time."""
    station = wire.station("lan0", "10.7.0.1/24")
    daemon = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
    daemon.start()
    lan = replace(LAN, dhcp=PROXY, pool=None)
    daemon.put(Contribution("site", site=replace(SITE, networks=[lan]))).raise_for_status()
    client = wire.station("eth0", f"{GOOD.address}/24", GOOD.nics[0].mac)
    overwhelming = Flood("10.7.0.1")
    with overwhelming.pouring(wire.station("eth0", "10.7.0.66/24")):
        overwhelming.wait_until(DATAGRAMS)
        finds_a_name(client)
        assert daemon.answers()
    finds_its_way(client, tmp_path)
    assert "Traceback" not in daemon.log.read_text()
    assert daemon.terminate() == 0
    daemon.admin.close()


def longest_queue(station: NetworkNamespace) -> int:
    """Bytes that wait to be read in one of the station's UDP sockets (proc(5), /proc/net/udp)."""
    rows = Path(f"/proc/{station.pid}/net/udp").read_text().splitlines()[1:]
    return max(int(row.split()[4].partition(":")[2], 16) for row in rows)


def served(client: NetworkNamespace, folder: Path) -> None:
    """An address by dhclient, and all the rest."""
    machine = Dhclient(client, folder)
    assert machine.once(), machine.noted()
    assert machine.noted()[-1].split()[1] == GOOD.address
    finds_its_way(client, folder)


def finds_its_way(client: NetworkNamespace, folder: Path) -> None:
    """A file by tftp-hpa and by curl, a name by dig."""
    fetched(client, folder, "tftp", "-m", "binary", "10.7.0.1", "-c", "get", PROGRAM, PROGRAM)
    fetched(client, folder, "curl", "-s", "-o", PROGRAM, f"tftp://10.7.0.1/{PROGRAM}")
    finds_a_name(client)


def finds_a_name(client: NetworkNamespace) -> None:
    asked = ("dig", "@10.7.0.1", "good.small.example", "+short", "+tries=5", "+time=1")
    again(lambda: client.attempt(*asked), lambda done: done.stdout == f"{GOOD.address}\n")


def fetched(client: NetworkNamespace, folder: Path, *command: str) -> None:
    content = (boot_programs() / PROGRAM).read_bytes()
    received = folder / PROGRAM
    received.unlink(missing_ok=True)
    inside = ("env", f"--chdir={folder}", *command)
    again(
        lambda: client.attempt(*inside),
        lambda _: received.exists() and received.read_bytes() == content,
    )


def again(
    attempt: Callable[[], subprocess.CompletedProcess[str]],
    is_good: Callable[[subprocess.CompletedProcess[str]], bool],
) -> None:
    until = time.monotonic() + PATIENCE
    while not is_good(done := attempt()):
        assert time.monotonic() < until, done


def memory_of(pid: int) -> int:
    """Bytes of it and of its children that are in memory and are theirs alone or their share."""
    own = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = int(next(line.split()[1] for line in own.splitlines() if line.startswith("Pss:")))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return kilobytes * 1024 + sum(memory_of(int(child)) for child in children)
