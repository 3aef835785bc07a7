"""A TFTP server in a station of a test's segment, and a client that says what a test wants."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Generator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from provisioner.protocol.tftp.packet import Packet, decode, encode
from provisioner.serve.tftp_server import TftpServer
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.served import Events, serving

SERVER, CLIENT = IPv4Address("10.7.0.1"), IPv4Address("10.7.0.50")
BINARY = random.Random(1).randbytes(300_007)
WHOLE_BLOCKS = random.Random(2).randbytes(512 * 20)
TEXT = b"first\nsecond\rstill second\n"


@dataclass
class Served:
    """A server with some files, a client's station, and what was told."""

    wire: Segment
    station: NetworkNamespace
    client: NetworkNamespace
    directory: Path
    single_port: bool = False
    now: float = 1000.0
    events: Events = field(default_factory=Events)
    asked: list[tuple[str, IPv4Address]] = field(default_factory=list[tuple[str, IPv4Address]])

    def open_file(self, path: str, peer: IPv4Address) -> bytes | Path | None:
        self.asked.append((path, peer))
        if path == "bug":
            raise RuntimeError("a bug")
        virtual = {"whole": WHOLE_BLOCKS, "text": TEXT, "empty": b"", "who": str(peer).encode()}
        return virtual.get(path, self.directory / path)

    def server(self) -> TftpServer:
        return TftpServer(
            interface="lan0",
            address=SERVER,
            open_file=self.open_file,
            on_event=self.events.record,
            single_port=lambda: self.single_port,
            clock=lambda: self.now,
        )


@contextlib.contextmanager
def tftp_service(directory: Path, *, single_port: bool = False) -> Generator[Served]:
    """Served from the folder, and its end."""
    (directory / "pxe").mkdir()
    (directory / "pxe" / "binary").write_bytes(BINARY)
    (directory / "nothing").write_bytes(b"")
    with segment() as wire:
        station, client = wire.station("lan0", "10.7.0.1/24"), wire.station("eth0", "10.7.0.50/24")
        it = Served(wire, station, client, directory, single_port)
        with serving(station, [it.server()]):
            yield it


class ScriptedClient:
    """A client that says exactly what a test wants, from one port."""

    def __init__(self, station: NetworkNamespace) -> None:
        self.udp = station.call(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.settimeout(20)
        self.server = ("10.7.0.1", 69)

    def says(self, packet: Packet | bytes) -> None:
        data = packet if isinstance(packet, bytes) else encode(packet)
        self.udp.sendto(data, self.server)

    def asks(self, request: Packet) -> None:
        """Anew, from the port it has."""
        self.server = ("10.7.0.1", 69)
        self.says(request)

    def hears(self) -> Packet:
        data, self.server = self.udp.recvfrom(65_535)
        return decode(data)

    def __enter__(self) -> ScriptedClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.udp.close()
