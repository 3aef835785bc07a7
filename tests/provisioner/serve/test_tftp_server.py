from __future__ import annotations

import random
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.protocol.tftp.event import (
    FileMissing,
    FileSent,
    SizeProbed,
    TftpRequestRefused,
    TransferFailed,
)
from provisioner.protocol.tftp.packet import (
    Ack,
    Data,
    Error,
    OptionAck,
    Packet,
    ReadRequest,
    decode,
    encode,
)
from provisioner.serve.errors import SocketNotBound
from provisioner.serve.tftp_server import TftpServer
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

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
    events: Events = field(default_factory=Events)

    def open_file(self, path: str, peer: IPv4Address) -> bytes | Path | None:
        assert peer == CLIENT
        if path == "bug":
            raise RuntimeError("a bug")
        virtual = {"whole": WHOLE_BLOCKS, "text": TEXT, "empty": b""}
        return virtual.get(path, self.directory / path)

    def server(self) -> TftpServer:
        return TftpServer(
            interface="lan0",
            address=SERVER,
            open_file=self.open_file,
            on_event=self.events.record,
        )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "pxe").mkdir()
    (tmp_path / "pxe" / "binary").write_bytes(BINARY)
    (tmp_path / "nothing").write_bytes(b"")
    with segment() as wire:
        station, client = wire.station("lan0", "10.7.0.1/24"), wire.station("eth0", "10.7.0.50/24")
        it = Served(wire, station, client, tmp_path)
        with serving(station, [it.server()]):
            yield it


CLIENTS = {
    "curl": "curl -sS -o {to} tftp://10.7.0.1/{path}",
    "curl without options": "curl -sS --tftp-no-options -o {to} tftp://10.7.0.1/{path}",
    "curl with small blocks": "curl -sS --tftp-blksize 64 -o {to} tftp://10.7.0.1/{path}",
    "tftp-hpa": "tftp -m binary 10.7.0.1 -c get {path} {to}",
    "atftp": "atftp --get -r {path} -l {to} 10.7.0.1",
    "atftp with a window": "atftp --option 'windowsize 16' --get -r {path} -l {to} 10.7.0.1",
    "atftp with all": (
        "atftp --option 'windowsize 5' --option 'blksize 1400' --option 'tsize 0' "
        "--option 'timeout 3' --get -r {path} -l {to} 10.7.0.1"
    ),
    "busybox": "busybox tftp -g -r {path} -l {to} 10.7.0.1",
    "busybox with large blocks": "busybox tftp -b 8192 -g -r {path} -l {to} 10.7.0.1",
}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_gets_every_file(served: Served, client: str) -> None:
    files = {"pxe/binary": BINARY, "whole": WHOLE_BLOCKS, "text": TEXT}
    for path, content in files.items():
        to = served.directory / "got"
        served.client.run("sh", "-ec", CLIENTS[client].format(path=path, to=to))
        assert to.read_bytes() == content
    sent = served.events.wait_for(FileSent, 3)
    assert [(one.peer, one.path, one.size, one.resent) for one in sent] == [
        (CLIENT, path, len(content), 0) for path, content in files.items()
    ]


def test_tftpy_gets_a_file(served: Served) -> None:
    to = served.directory / "got"
    fetch = (
        "import sys, tftpy; "
        "options = {'blksize': 1024, 'tsize': 0}; "
        "tftpy.TftpClient('10.7.0.1', 69, options).download('pxe/binary', sys.argv[1])"
    )
    served.client.run(sys.executable, "-c", fetch, str(to))
    assert to.read_bytes() == BINARY


def test_an_empty_file_is_a_file(served: Served) -> None:
    for path in ("empty", "nothing"):
        to = served.directory / f"got-{path}"
        served.client.run("tftp", "-m", "binary", "10.7.0.1", "-c", "get", path, str(to))
        assert to.read_bytes() == b""


def test_netascii(served: Served) -> None:
    """tftp-hpa writes the lines back as they are on this system; a lone CR comes through."""
    to = served.directory / "got"
    served.client.run("tftp", "-m", "netascii", "10.7.0.1", "-c", "get", "text", str(to))
    assert to.read_bytes() == TEXT
    assert served.events.wait_for(FileSent)[0].size == len(TEXT) + 3


def test_a_missing_file_is_said_at_once(served: Served) -> None:
    """iPXE asks for autoexec.ipxe and would wait half a minute for an answer."""
    begun = time.monotonic()
    refused = served.client.attempt("curl", "-sS", "tftp://10.7.0.1/autoexec.ipxe")
    assert refused.returncode == 68  # curl: file not found on TFTP server
    assert time.monotonic() - begun < 5
    assert served.events.wait_for(FileMissing) == [FileMissing(CLIENT, "autoexec.ipxe")]


def test_writes_and_ways_out_are_refused(served: Served) -> None:
    local = served.directory / "local"
    local.write_text("mine")
    written = served.client.attempt("curl", "-sS", "-T", str(local), "tftp://10.7.0.1/pxe/binary")
    assert written.returncode == 69  # curl: permission problem on TFTP server
    assert (served.directory / "pxe" / "binary").read_bytes() == BINARY
    out = served.client.attempt("tftp", "10.7.0.1", "-c", "get", "../../etc/passwd", "/dev/null")
    assert "no such name is allowed" in out.stdout + out.stderr
    assert served.events.wait_for(TftpRequestRefused, 2) == [
        TftpRequestRefused(CLIENT, "this server is read-only"),
        TftpRequestRefused(CLIENT, "no such name is allowed"),
    ]


class ScriptedClient:
    """A client that says exactly what a test wants, from one port."""

    def __init__(self, station: NetworkNamespace) -> None:
        self.udp = station.call(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.udp.settimeout(20)
        self.server = ("10.7.0.1", 69)

    def says(self, packet: Packet | bytes) -> None:
        data = packet if isinstance(packet, bytes) else encode(packet)
        self.udp.sendto(data, self.server)

    def hears(self) -> Packet:
        data, self.server = self.udp.recvfrom(65_535)
        return decode(data)


@pytest.fixture
def scripted(served: Served) -> Iterator[ScriptedClient]:
    client = ScriptedClient(served.client)
    with client.udp:
        yield client


def test_asking_for_the_size_first_as_boot_roms_do(
    served: Served, scripted: ScriptedClient
) -> None:
    scripted.says(ReadRequest("whole", "octet", (("tsize", "0"), ("blksize", "1456"))))
    assert scripted.hears() == OptionAck((("tsize", "10240"), ("blksize", "1456")))
    scripted.says(Error(0, "only wanted the size"))
    assert served.events.wait_for(SizeProbed) == [SizeProbed(CLIENT, "whole", 10_240)]


def test_a_request_said_twice_starts_one_transfer(served: Served, scripted: ScriptedClient) -> None:
    request = encode(ReadRequest("text", "octet"))
    scripted.says(request)
    scripted.says(request)
    assert scripted.hears() == Data(1, TEXT)
    scripted.says(Ack(1))
    served.events.wait_for(FileSent)
    assert len(served.events.told) == 1


def test_a_lost_packet_is_sent_again(served: Served, scripted: ScriptedClient) -> None:
    scripted.says(ReadRequest("text", "octet", (("timeout", "1"),)))
    assert [scripted.hears() for _ in range(2)] == [OptionAck((("timeout", "1"),))] * 2
    scripted.says(Ack(0))
    assert [scripted.hears() for _ in range(2)] == [Data(1, TEXT)] * 2
    scripted.says(Ack(1))
    assert served.events.wait_for(FileSent)[0].resent == 2


def test_a_client_that_goes_away_is_told_with_the_port(
    served: Served, scripted: ScriptedClient
) -> None:
    scripted.says(ReadRequest("whole", "octet"))
    scripted.hears()
    scripted.says(Ack(1))
    scripted.hears()
    port = scripted.server[1]
    scripted.udp.close()
    assert served.events.wait_for(TransferFailed) == [
        TransferFailed(CLIENT, "whole", port, 512, 10_240, "the client has closed its port")
    ]


def test_rubbish_is_told_and_does_not_stop_the_server(
    served: Served, scripted: ScriptedClient
) -> None:
    scripted.says(b"")
    scripted.says(b"rubbish")
    served.events.wait_for(TftpRequestRefused, 1)
    served.client.run("curl", "-sS", "-o", "/dev/null", "tftp://10.7.0.1/text")


def test_one_client_cannot_have_every_transfer(served: Served) -> None:
    clients = [ScriptedClient(served.client) for _ in range(17)]
    try:
        for client in clients:
            client.says(ReadRequest("whole", "octet", (("timeout", "255"), ("tsize", "0"))))
        granted = OptionAck((("tsize", "10240"),))
        assert [client.hears() for client in clients[:16]] == [granted] * 16
        clients[16].udp.settimeout(0.3)
        with pytest.raises(TimeoutError):
            clients[16].hears()
        clients[0].says(Error(0, "enough"))
        served.events.wait_for(SizeProbed)
        clients[16].says(ReadRequest("text", "octet"))
        assert clients[16].hears() == Data(1, TEXT)
    finally:
        for client in clients:
            client.udp.close()


def test_a_bug_costs_one_transfer(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    served.client.attempt("curl", "-sS", "-m", "1", "tftp://10.7.0.1/bug")
    served.client.run("curl", "-sS", "-o", "/dev/null", "tftp://10.7.0.1/text")
    assert "RuntimeError: a bug" in capfd.readouterr().err


def test_a_port_in_use_is_one_clear_line(served: Served) -> None:
    with pytest.raises(
        SocketNotBound, match=r"^TFTP: UDP port 69 of 10\.7\.0\.1 on lan0 is in use"
    ):
        served.station.call(served.server().bind)
