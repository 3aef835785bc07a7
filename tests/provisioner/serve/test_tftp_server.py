from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.protocol.tftp.event import (
    FileMissing,
    FileSent,
    SizeProbed,
    TftpRequestRefused,
    TransferFailed,
)
from provisioner.protocol.tftp.packet import Ack, Data, Error, OptionAck, ReadRequest, encode
from provisioner.serve.errors import SocketNotBound
from tests.provisioner.serve.tftp_service import (
    BINARY,
    CLIENT,
    TEXT,
    WHOLE_BLOCKS,
    ScriptedClient,
    Served,
    tftp_service,
)

pytestmark = pytest.mark.protocol


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with tftp_service(tmp_path) as it:
        yield it


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


@pytest.fixture
def scripted(served: Served) -> Iterator[ScriptedClient]:
    with ScriptedClient(served.client) as client:
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


@pytest.mark.parametrize(
    ("then", "after"),
    [(ReadRequest("text", "octet"), 0.0), (ReadRequest("whole", "octet"), 4.0)],
    ids=["another file", "the same, later"],
)
def test_a_machine_that_was_reset_and_has_its_port_again_is_answered(
    served: Served, scripted: ScriptedClient, then: ReadRequest, after: float
) -> None:
    """Its older transfer goes on, from a port that the machine knows nothing of."""
    scripted.says(ReadRequest("whole", "octet"))
    assert scripted.hears() == Data(1, WHOLE_BLOCKS[:512])
    first = scripted.server
    served.now += after
    scripted.asks(then)
    assert scripted.hears() == Data(1, TEXT if then.filename == "text" else WHOLE_BLOCKS[:512])
    second = scripted.server
    for scripted.server in (first, second):
        scripted.says(Error(0, "enough"))
    told = served.events.wait_for(TransferFailed, 2)
    assert {one.port for one in told} == {first[1], second[1]}
    assert first[1] != second[1]


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
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(ScriptedClient(served.client)) for _ in range(257)]
        granted = OptionAck((("tsize", "10240"),))
        for client in clients[:256]:
            client.says(ReadRequest("whole", "octet", (("tsize", "0"),)))
            assert client.hears() == granted
        clients[256].says(ReadRequest("whole", "octet"))
        clients[256].udp.settimeout(0.3)
        with pytest.raises(TimeoutError):
            clients[256].hears()
        clients[0].says(Error(0, "enough"))
        served.events.wait_for(SizeProbed)
        clients[256].says(ReadRequest("text", "octet"))
        assert clients[256].hears() == Data(1, TEXT)


def test_a_thousand_requests_in_one_second_are_all_answered(served: Served) -> None:
    """A rack that powers on at once; each from an address of its own."""
    for part in range(4):
        served.client.run("ip", "address", "add", f"10.7.{part + 1}.1/24", "dev", "eth0")
        served.station.run("ip", "route", "add", f"10.7.{part + 1}.0/24", "dev", "lan0")
    addresses = [f"10.7.{1 + n // 250}.{1 + n % 250}" for n in range(1000)]
    batch = "".join(f"address add {one}/32 dev eth0\n" for one in addresses if one[-2:] != ".1")
    served.client.run("sh", "-ec", f"printf '{batch}' | ip -batch -")
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(ScriptedClient(served.client)) for _ in addresses]
        for client, address in zip(clients, addresses, strict=True):
            client.udp.bind((address, 0))
        for client in clients:
            client.says(ReadRequest("text", "octet"))
        assert [client.hears() for client in clients] == [Data(1, TEXT)] * 1000
        for client in clients:
            client.says(Ack(1))
        sent = served.events.wait_for(FileSent, 1000)
    assert sum(one.resent for one in sent) == 0


def test_a_bug_costs_one_transfer(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    served.client.attempt("curl", "-sS", "-m", "1", "tftp://10.7.0.1/bug")
    served.client.run("curl", "-sS", "-o", "/dev/null", "tftp://10.7.0.1/text")
    assert "RuntimeError: a bug" in capfd.readouterr().err


def test_a_port_in_use_is_one_clear_line(served: Served) -> None:
    with pytest.raises(
        SocketNotBound, match=r"^TFTP: UDP port 69 of 10\.7\.0\.1 on lan0 is in use"
    ):
        served.station.call(served.server().bind)


def test_a_folder_a_device_and_a_pipe_are_no_files(served: Served) -> None:
    os.mkfifo(served.directory / "pipe")
    (served.directory / "device").symlink_to("/dev/zero")
    for path in ("pxe", "pipe", "device", "x" * 300, "nothing/below"):
        assert served.client.attempt("curl", "-sS", f"tftp://10.7.0.1/{path}").returncode == 68
    assert len(served.events.wait_for(FileMissing, 5)) == 5


def test_a_file_that_becomes_shorter_costs_one_transfer(
    served: Served, scripted: ScriptedClient
) -> None:
    long = served.directory / "long"
    long.write_bytes(bytes(1 << 20))
    scripted.says(ReadRequest("long", "octet"))
    scripted.hears()
    long.write_bytes(b"short")
    for block in range(1, 128):
        scripted.says(Ack(block))
        said = scripted.hears()
        assert said == Data(block + 1, bytes(512))
    scripted.says(Ack(128))
    assert scripted.hears() == Error(0, "the file has become shorter while it was sent")
    failed = served.events.wait_for(TransferFailed)[0]
    assert failed.size == 1 << 20
    assert failed.sent in (65_024, 65_536)  # it looks ahead, or does not
    served.client.run("curl", "-sS", "-o", "/dev/null", "tftp://10.7.0.1/text")


def test_what_a_machine_gets_is_its_own(served: Served) -> None:
    assert served.client.run("curl", "-sS", "tftp://10.7.0.1/who").stdout == "10.7.0.50"
    assert served.asked == [("who", CLIENT)]
