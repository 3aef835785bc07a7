"""Stations on a network segment of their own, for tests with real peers.

A segment is a bridge in a network namespace without a name; a station is another such namespace
with one interface on that bridge. A namespace lives as long as a small process that ends when its
standard input does; what is started in it is ended with the thread that started it. So nothing of
a segment outlives the test run, however that ends, and any number of segments exist side by side.

    with segment() as wire:
        server = wire.station("lan0", "10.7.0.1/24")
        client = wire.station("eth0", mac="52:54:00:07:00:11")
        client.run("busybox", "ping", "-c1", "10.7.0.1")
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
T = TypeVar("T")


def enter_network_namespace(pid: int) -> None:
    """Move the calling thread, and only it, into the network namespace of a process."""
    with Path(f"/proc/{pid}/ns/net").open() as namespace:
        if _libc.setns(namespace.fileno(), _CLONE_NEWNET) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))


class NetworkNamespace:
    """An unnamed network namespace."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            ("unshare", "--net", "sh", "-c", "ip link set lo up && echo ready && exec cat"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._started: list[subprocess.Popen[str]] = []
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != b"ready\n":
            raise OSError("no network namespace could be made: is this root?")
        self._holder.stdout.close()

    @property
    def pid(self) -> int:
        """Of the process that holds the namespace."""
        return self._holder.pid

    def run(self, *command: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run to its end, which must be a success. Output is text."""
        done = self.attempt(*command, timeout=timeout)
        assert done.returncode == 0, f"{command} gave {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def attempt(self, *command: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Run to its end, whatever that is."""
        return subprocess.run(
            self._inside(command), capture_output=True, text=True, timeout=timeout, check=False
        )

    def start(
        self, *command: str, output: IO[str] | int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """Start and let run; ended with the namespace at the latest."""
        started = subprocess.Popen(
            ("setpriv", "--pdeathsig", "KILL", *self._inside(command)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._started.append(started)
        return started

    def call(self, function: Callable[[], T]) -> T:
        """Call a function of ours in a thread that is in the namespace."""
        pool = ThreadPoolExecutor(1, initializer=enter_network_namespace, initargs=(self.pid,))
        with pool:
            return pool.submit(function).result()

    def close(self) -> None:
        """End what was started, then the namespace."""
        for started in self._started:
            started.kill()
            started.wait()
            if started.stdout is not None:
                started.stdout.close()
        assert self._holder.stdin is not None
        self._holder.stdin.close()
        self._holder.wait()

    def __enter__(self) -> NetworkNamespace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _inside(self, command: tuple[str, ...]) -> tuple[str, ...]:
        return ("nsenter", "--net", "--target", str(self.pid), *command)


class Segment:
    """One broadcast domain: a bridge, `br0`, in the namespace `hub`."""

    def __init__(self, hub: NetworkNamespace, stack: contextlib.ExitStack) -> None:
        self.hub = hub
        self._stack = stack
        self._ports = 0
        hub.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        hub.run("ip", "link", "set", "br0", "up")

    def station(
        self, interface: str, address: str | None = None, mac: str | None = None
    ) -> NetworkNamespace:
        """A new namespace whose interface is on the segment, up, with the address (`10.7.0.1/24`)
        and the MAC, where given."""
        station = self._stack.enter_context(NetworkNamespace())
        self.plug(station, interface, address, mac)
        return station

    def plug(
        self,
        station: NetworkNamespace,
        interface: str,
        address: str | None = None,
        mac: str | None = None,
    ) -> None:
        """Another interface of a station: a router's, on its second segment."""
        port = self._next_port("port")
        peer = ("peer", "name", interface, "netns", str(station.pid))
        own_mac = ("address", mac) if mac is not None else ()
        self.hub.run("ip", "link", "add", port, "type", "veth", *peer, *own_mac)
        self.hub.run("ip", "link", "set", port, "master", "br0", "up")
        if address is not None:
            station.run("ip", "address", "add", address, "dev", interface)
        station.run("ip", "link", "set", interface, "up")
        self.wait_until("forwarding", port)

    def tap(self) -> str:
        """A tap device in the hub, on the segment, for a virtual machine started in the hub."""
        name = self._next_port("tap")
        self.hub.run("ip", "tuntap", "add", name, "mode", "tap")
        self.hub.run("ip", "link", "set", name, "master", "br0", "up")
        return name

    def wait_until(self, state: str, port: str) -> None:
        """Until the bridge has the port in the state. It takes a port in (`forwarding`) only when the
        kernel has noticed its carrier, up to a second later; what is sent before is lost."""
        until = time.monotonic() + 20
        while f"state {state}" not in self.hub.run("bridge", "link", "show", "dev", port).stdout:
            assert time.monotonic() < until, f"{port} never was {state}"
            time.sleep(0.02)

    def _next_port(self, kind: str) -> str:
        self._ports += 1
        return f"{kind}{self._ports}"


@contextlib.contextmanager
def segment() -> Generator[Segment]:
    """A segment, and its end."""
    with contextlib.ExitStack() as stack:
        yield Segment(stack.enter_context(NetworkNamespace()), stack)
