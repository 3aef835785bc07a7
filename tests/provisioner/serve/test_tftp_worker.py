"""The worker's process: what it costs, and that it never outlives its daemon."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.protocol.tftp.event import TransferFailed
from provisioner.protocol.tftp.packet import Ack, Data, OptionAck, ReadRequest
from tests.provisioner.serve.tftp_service import ScriptedClient, Served, tftp_service

pytestmark = pytest.mark.protocol


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with tftp_service(tmp_path) as it:
        yield it


def workers_of(parent: int) -> list[int]:
    """The worker processes that a process has started."""
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            status = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_bytes()
            if int(status[1]) == parent and b"provisioner.serve.tftp_worker" in command:
                found.append(int(folder.name))
    return found


def cpu_seconds(pid: int) -> float:
    times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def test_windows_are_sent_whole_again_from_where_a_client_lost_a_packet(served: Served) -> None:
    """On the wire: reordered, lost and doubled as a bad network does."""
    with ScriptedClient(served.client) as client:
        client.says(ReadRequest("whole", "octet", (("windowsize", "4"), ("blksize", "1024"))))
        assert isinstance(client.hears(), OptionAck)
        client.says(Ack(0))
        assert blocks(client, 4) == [1, 2, 3, 4]
        client.says(Ack(2))
        client.says(Ack(2))
        assert blocks(client, 4) == [3, 4, 5, 6]
        client.says(Ack(1))
        client.says(Ack(6))
        assert blocks(client, 4) == [7, 8, 9, 10]
        client.says(Ack(10))
        assert blocks(client, 1) == [11]
        client.says(Ack(11))
    assert [type(one).__name__ for one in served.events.wait_for(object)] == ["FileSent"]


def blocks(client: ScriptedClient, count: int) -> list[int]:
    heard = [client.hears() for _ in range(count)]
    return [packet.block for packet in heard if isinstance(packet, Data)]


def test_clients_that_vanish_cost_nothing(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            client = stack.enter_context(ScriptedClient(served.client))
            client.says(ReadRequest("whole", "octet"))
            client.hears()
        workers = workers_of(os.getpid())
        before = sum(map(cpu_seconds, workers))
        time.sleep(2.5)
        assert sum(map(cpu_seconds, workers)) - before < 0.2
    assert len(served.events.told) == len(served.events.of(TransferFailed))


def test_a_worker_that_is_killed_costs_what_was_under_way(served: Served) -> None:
    with ScriptedClient(served.client) as client:
        client.says(ReadRequest("whole", "octet"))
        client.hears()
        for worker in workers_of(os.getpid()):
            os.kill(worker, signal.SIGKILL)
        failed = served.events.wait_for(TransferFailed)[0]
        assert (failed.path, failed.problem) == ("whole", "the sending process has died")
    served.client.run("curl", "-sS", "-o", "/dev/null", "tftp://10.7.0.1/text")


SERVE = """
import asyncio
from ipaddress import IPv4Address
from provisioner.serve.tftp_server import TftpServer

async def main():
    server = TftpServer(interface="lo", address=IPv4Address("127.0.0.1"), port=0,
                        open_file=lambda path, peer: None, on_event=print)
    server.bind()
    print(*server.worker_pids, flush=True)
    await server.serve()

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_never_outlives_its_daemon(number: signal.Signals) -> None:
    with subprocess.Popen(
        (sys.executable, "-c", SERVE), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as daemon:
        assert daemon.stdout is not None
        workers = [int(pid) for pid in daemon.stdout.readline().split()]
        assert workers
        daemon.send_signal(number)
        daemon.wait()
    until = time.monotonic() + 20
    while any(map(alive, workers)):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False
