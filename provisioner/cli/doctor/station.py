"""A place on a network that is a machine's and not this computer's: a network namespace with one card.

The card is a port of the bridge, where the interface is one, else a macvlan on it; so the computer's own
addresses, routes and firewall have no part in what is seen. A macvlan doesn't hear the computer it is
on: where that is the server, nothing but a bridge will do.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from inventory.errors import OperatorError

CARD = "eth0"
"""The name of its card in there."""

OURS = "02:48:50"
"""Our MACs' first half: locally administered, then "HP"."""

_CLONE_NEWNET = 0x4000_0000
_FORWARDING_WITHIN = 35.0
"""Seconds: a bridge with STP listens and learns for 15 each, before it takes a port in."""

T = TypeVar("T")


class Station:
    """`with Station(interface, mac) as station: station.call(…)`. Raises OperatorError if it can't be."""

    def __init__(self, interface: str, mac: str) -> None:
        self.interface = interface
        self._mac = mac
        self._port = f"doctor{os.getpid() % 1_000_000}"
        self._thread: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        bridge = _is_bridge(self.interface)
        if not bridge and _serves_dhcp_at(self.interface):
            raise OperatorError(
                f"this computer serves DHCP itself, and {self.interface} is no bridge: what is sent there"
                " from here doesn't come back in. Run `provisioner doctor --interface IF` on another"
                " computer of that network; it needs no daemon there"
            )
        self._thread = ThreadPoolExecutor(1)
        try:
            namespace = self._thread.submit(_leave_namespace).result()
            self._plug_in(namespace, bridge)
            self.ip("link", "set", "lo", "up")
            self.ip("link", "set", CARD, "up")
        except BaseException:
            self.close()
            raise
        if bridge:
            self._wait_for_the_bridge()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """The card is gone then, and the namespace with the thread that is in it."""
        if self._thread is not None:
            self._thread.submit(_ip, "link", "delete", CARD).exception()
            self._thread.shutdown()
            self._thread = None

    def call(self, function: Callable[[], T]) -> T:
        """Call it in there."""
        assert self._thread is not None, "within the with block only"
        return self._thread.submit(function).result()

    def ip(self, *arguments: str) -> None:
        """ip(8) in there. Raises OperatorError."""
        self.call(lambda: _ip(*arguments))

    def _plug_in(self, namespace: Path, bridge: bool) -> None:
        there = ("netns", str(namespace), "address", self._mac)
        if not bridge:
            kind = ("type", "macvlan", "mode", "bridge")
            _ip("link", "add", "link", self.interface, "name", CARD, *there, *kind)
            return
        _ip("link", "add", self._port, "type", "veth", "peer", "name", CARD, *there)
        _ip("link", "set", self._port, "master", self.interface, "up")

    def _wait_for_the_bridge(self) -> None:
        until = time.monotonic() + _FORWARDING_WITHIN
        while time.monotonic() < until:
            if "state forwarding" in _run("bridge", "link", "show", "dev", self._port):
                return
            time.sleep(0.05)


def _leave_namespace() -> Path:
    """The calling thread, and only it, into a network namespace of its own; its path."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        words = os.strerror(ctypes.get_errno())
        raise OperatorError(f"no network namespace can be made ({words}): run it under sudo")
    return Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/ns/net")


def own_mac(interface: str) -> str:
    """Whom to ask as: the same each time, so that one address at most is set aside for it and one
    machine is heard. Raises OperatorError if there is no such interface."""
    return f"{OURS}:{str(_link(interface)['address'])[9:]}"


def _is_bridge(interface: str) -> bool:
    """Raises OperatorError unless the interface is there and up."""
    link = _link(interface)
    if "UP" not in link["flags"]:
        raise OperatorError(f"interface {interface} is down (ip link set {interface} up)")
    told: dict[str, Any] = link.get("linkinfo", {})
    return told.get("info_kind") == "bridge"


def _link(interface: str) -> dict[str, Any]:
    shown = _run("ip", "-json", "-details", "link", "show", "dev", interface)
    found: list[dict[str, Any]] = json.loads(shown)
    return found[0]


def _serves_dhcp_at(interface: str) -> bool:
    """Whether a socket of this computer has UDP port 67 at that interface, or at all of them."""
    shown = _run("ss", "-H", "-l", "-u", "-n", "sport = :67")
    places = [line.split()[3].rpartition(":")[0] for line in shown.splitlines()]
    return any("%" not in place or place.endswith(f"%{interface}") for place in places)


def _ip(*arguments: str) -> None:
    _run("ip", *arguments)


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise OperatorError(f"{command[0]} is missing: install iproute2") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no words"])[0]
        raise OperatorError(f"{' '.join(command)}: {said}") from error
    return done.stdout
