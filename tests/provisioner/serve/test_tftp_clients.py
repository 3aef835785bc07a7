"""Clients that others wrote, each against our server in a namespace."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.protocol.tftp.event import FileSent
from tests.provisioner.serve.tftp_service import (
    BINARY,
    CLIENT,
    TEXT,
    WHOLE_BLOCKS,
    Served,
    tftp_service,
)

pytestmark = pytest.mark.protocol


@pytest.fixture(params=[False, True], ids=["port per transfer", "single port"])
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    with tftp_service(tmp_path, single_port=request.param) as it:
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
    assert [(one.peer, one.path, one.size) for one in sent] == [
        (CLIENT, path, len(content)) for path, content in files.items()
    ]


def test_a_crowd_of_all_kinds_gets_one_file_at_once(served: Served) -> None:
    """Their block sizes and windows differ, and some fall behind: packets that are shared fit them all."""
    content = random.Random(4).randbytes(2_000_003)
    (served.directory / "large").write_bytes(content)
    got = [served.directory / f"got-{number}" for number in range(4 * len(CLIENTS))]
    commands = [
        one.format(path="large", to=to)
        for one, to in zip(4 * [*CLIENTS.values()], got, strict=True)
    ]
    served.client.run("sh", "-c", " & ".join([*commands, "wait"]), timeout=60)
    assert all(one.read_bytes() == content for one in got)
    assert len(served.events.wait_for(FileSent, len(got))) == len(got)


def test_more_blocks_than_a_block_number_can_count(served: Served) -> None:
    """34 MB in blocks of 512 bytes, and of 8 windows each: 0 follows 65,535."""
    content = b"".join(number.to_bytes(4, "big") * 128 for number in range(66_000))
    (served.directory / "large").write_bytes(content)
    to = served.directory / "got"
    served.client.run("curl", "-sS", "-o", str(to), "tftp://10.7.0.1/large")
    assert to.read_bytes() == content
    window = ("--option", "windowsize 8", "--option", "blksize 512")
    served.client.run("atftp", *window, "--get", "-r", "large", "-l", str(to), "10.7.0.1")
    assert to.read_bytes() == content


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
