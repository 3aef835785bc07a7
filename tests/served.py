"""Our servers, running in a station of a test's segment, with what they told."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from tests.namespaces import NetworkNamespace, enter_network_namespace

E = TypeVar("E")


class Server(Protocol):
    """What DhcpServer, TftpServer and DnsServer have in common."""

    def bind(self) -> None: ...
    async def serve(self) -> None: ...
    def close(self) -> None: ...


class Events:
    """Events in the order they were told; `record` is a server's `on_event`."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self._changed = threading.Condition()

    def record(self, event: object) -> None:
        with self._changed:
            self.told.append(event)
            self._changed.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        """Those of one type."""
        with self._changed:
            return [event for event in self.told if isinstance(event, kind)]

    def wait_for(self, kind: type[E], count: int = 1, timeout: float = 30.0) -> list[E]:
        """Those of one type, once there are `count`; AssertionError with all that was told if
        not."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.of(kind)) >= count, timeout)
        assert enough, f"no {count} {kind.__name__} in {timeout} s, but: {self.told}"
        return self.of(kind)


@contextlib.contextmanager
def serving(station: NetworkNamespace, servers: Sequence[Server]) -> Generator[None]:
    """Every server bound, then all served, until the block ends. What they raise is raised here."""
    bound: Future[Callable[[], object]] = Future()
    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(_run, station.pid, servers, bound)
        stop = bound.result(timeout=30)
        try:
            yield
        finally:
            stop()
            ended.result(timeout=30)


def _run(pid: int, servers: Sequence[Server], bound: Future[Callable[[], object]]) -> None:
    """In a thread of its own, which ends with it: it never leaves the namespace again."""
    try:
        enter_network_namespace(pid)
        for server in servers:
            server.bind()
        asyncio.run(_serve(servers, bound))
    except BaseException as error:
        if bound.done():
            raise
        bound.set_exception(error)
    finally:
        for server in servers:
            server.close()


async def _serve(servers: Sequence[Server], bound: Future[Callable[[], object]]) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(server.serve()) for server in servers]
        bound.set_result(
            lambda: None if loop.is_closed() else loop.call_soon_threadsafe(stopped.set)
        )
        await stopped.wait()
        for task in running:
            task.cancel()
