"""DNS servers beyond ours, for tests: dnsmasq, and one by hand that can misbehave."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset

from tests.namespaces import NetworkNamespace

Replies = Callable[[dns.message.Message], list[bytes]]


class Dnsmasq:
    """It knows the records that are given as its options and nobody else."""

    def __init__(self, station: NetworkNamespace, log: Path, *options: str) -> None:
        self._log = log
        log.touch()
        self._running = station.start(
            *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv"),
            *("--no-hosts", "--user=root", "--pid-file=", "--log-queries=extra"),
            *(f"--log-facility={log}", "--bind-dynamic", "--local=/example/", *options),
            output=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while station.attempt("dig", "@127.0.0.1", "+tries=1", "+time=1", "x.example").returncode:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)

    def asked(self, name: str) -> int:
        """How often it was asked for the name."""
        return self._log.read_text().count(f"] {name} from ")

    def stop(self) -> None:
        self._running.kill()
        self._running.wait()


class ByHand:
    """Sends for each query by UDP what `replies` gives, while the block runs; `queries` are what came,
    and `ports` where from."""

    def __init__(self, station: NetworkNamespace, replies: Replies) -> None:
        self.queries: list[dns.message.Message] = []
        self.ports: list[int] = []
        self._replies = replies
        self._socket = station.call(_bound)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> ByHand:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                wire, peer = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            query = dns.message.from_wire(wire)
            self.queries.append(query)
            self.ports.append(peer[1])
            for reply in self._replies(query):
                self._socket.sendto(reply, peer)


def replied(
    query: dns.message.Message, *records: str, id: int | None = None, ttl: int = 60
) -> bytes:
    """The reply of a sound server, with A records of the name that was asked for."""
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.RA
    if records:
        name = query.question[0].name
        reply.answer = [dns.rrset.from_text(name, ttl, "IN", "A", *records)]
    if id is not None:
        reply.id = id
    return reply.to_wire()


def values(message: dns.message.Message) -> list[str]:
    """Of the records of the answer, what comes after their type."""
    lines = [line for record in message.answer for line in record.to_text().splitlines()]
    return [line.split(maxsplit=4)[4] for line in lines]


def _bound() -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.settimeout(0.1)
    udp.bind(("", 53))
    return udp
