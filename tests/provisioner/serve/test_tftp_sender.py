from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator

import pytest

from provisioner.protocol.tftp.packet import Data, decode
from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import Completed, Failed
from provisioner.serve.tftp_handover import Ended, HandOver
from provisioner.serve.tftp_sender import TftpSender

pytestmark = pytest.mark.protocol


class Desk:
    """What a sender tells."""

    def __init__(self) -> None:
        self.ended: asyncio.Queue[Ended] = asyncio.Queue()
        self.lost = asyncio.Event()
        self.sender = TftpSender(self.ended.put_nowait, self.lost.set)


@pytest.fixture
def client() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.setblocking(False)
        yield udp


def socket_to(client: socket.socket) -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.setblocking(False)
    udp.connect(client.getsockname())
    return udp


def memory(content: bytes) -> int:
    file = os.memfd_create("content")
    os.write(file, content)
    return file


def pid_of(desk: Desk) -> int | None:
    return desk.sender.worker_pid


async def fetch_one(desk: Desk, client: socket.socket, number: int) -> Ended:
    loop = asyncio.get_running_loop()
    desk.sender.hand_over(HandOver(number, 4, Terms()), socket_to(client), memory(b"text"))
    data, address = await loop.sock_recvfrom(client, 1000)
    assert decode(data) == Data(1, b"text")
    await loop.sock_sendto(client, b"\0\4\0\1", address)
    return await desk.ended.get()


def test_a_transfer_is_carried_out_and_told(client: socket.socket) -> None:
    async def story(desk: Desk) -> None:
        ended = await fetch_one(desk, client, 7)
        assert (ended.number, ended.outcome, ended.resent) == (7, Completed(), 0)

    play(story)


def test_more_than_the_kernel_queues_wait_for_their_turn(client: socket.socket) -> None:
    async def story(desk: Desk) -> None:
        for number in range(300):
            desk.sender.hand_over(HandOver(number, 4, Terms()), socket_to(client), memory(b"text"))
        client.close()
        ended = [await desk.ended.get() for _ in range(300)]
        assert {one.number for one in ended} == set(range(300))
        assert {one.outcome for one in ended} == {Failed("the client has closed its port", 0)}

    play(story)


def test_a_worker_that_dies_is_followed_by_another(client: socket.socket) -> None:
    async def story(desk: Desk) -> None:
        first = desk.sender.worker_pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await desk.lost.wait()
        while desk.sender.worker_pid in (None, first):  # noqa: ASYNC110 - another process's time
            await asyncio.sleep(0.05)
        assert (await fetch_one(desk, client, 8)).outcome == Completed()

    play(story)


def test_a_shortage_when_another_is_started_passes(
    client: socket.socket, capfd: pytest.CaptureFixture[str]
) -> None:
    async def story(desk: Desk) -> None:
        first = desk.sender.worker_pid
        assert first is not None
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            os.kill(first, signal.SIGKILL)
            await desk.lost.wait()
            await asyncio.sleep(1.5)
            assert pid_of(desk) is None
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        while pid_of(desk) is None:  # noqa: ASYNC110 - the system's time
            await asyncio.sleep(0.05)
        assert (await fetch_one(desk, client, 9)).outcome == Completed()

    play(story)
    assert "its worker can't be started: Too many open files" in capfd.readouterr().err


def test_what_is_handed_over_to_a_dead_worker_is_closed(client: socket.socket) -> None:
    async def story(desk: Desk) -> None:
        pid = desk.sender.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - nothing is to be heard yet
        udp, file = socket_to(client), memory(b"text")
        desk.sender.hand_over(HandOver(1, 4, Terms()), udp, file)
        await desk.lost.wait()
        assert udp.fileno() == -1
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(file)

    play(story)


def test_closing_ends_the_worker_and_can_be_repeated() -> None:
    sender = TftpSender(lambda _: None, lambda: None)
    sender.close()
    sender.start()
    pid = sender.worker_pid
    sender.close()
    sender.close()
    assert sender.worker_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


def play(story: Callable[[Desk], Awaitable[None]]) -> None:
    async def played() -> None:
        desk = Desk()
        desk.sender.start()
        try:
            async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
                following = tasks.create_task(desk.sender.follow())
                await story(desk)
                following.cancel()
        finally:
            desk.sender.close()

    asyncio.run(played())
