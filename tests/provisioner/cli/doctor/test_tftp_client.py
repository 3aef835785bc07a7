"""dnsmasq's TFTP server asked by tftpy; the ways to fail are in test_examination.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.cli.doctor.observation import TftpEnd, TftpFetch
from provisioner.cli.doctor.tftp_client import fetch
from tests.foreign_servers import dnsmasq
from tests.namespaces import Segment, segment
from tests.provisioner.cli.doctor.half_servers import half_tftp_server

pytestmark = pytest.mark.protocol

SERVER = "10.7.0.2"


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_a_file_and_what_is_none(wire: Segment, tmp_path: Path) -> None:
    (tmp_path / "program.efi").write_bytes(b"MZ" + bytes(200_000))
    server = wire.station("eth0", f"{SERVER}/24")
    machine = wire.station("eth0", "10.7.0.9/24")
    serves = ("--enable-tftp", f"--tftp-root={tmp_path}")
    with dnsmasq(server, "10.7.0.150", "10.7.0.160", *serves):
        assert machine.call(lambda: fetch("eth0", SERVER, "program.efi")) == (
            TftpFetch(SERVER, "program.efi", TftpEnd.DONE, size=200_002, begins=b"MZ" + bytes(14)),
        )
        (missing,) = machine.call(lambda: fetch("eth0", SERVER, "other.efi"))
    assert (missing.end, "not found" in missing.words) == (TftpEnd.MISSING, True)


def test_a_server_that_is_cut_off_is_asked_for_small_blocks_too(wire: Segment) -> None:
    server = wire.station("eth0", f"{SERVER}/24")
    machine = wire.station("eth0", "10.7.0.9/24")
    with half_tftp_server(server, answers=True):
        both = machine.call(lambda: fetch("eth0", SERVER, "program.efi"))
    assert [(one.end, one.plain) for one in both] == [
        (TftpEnd.CUT_OFF, False),
        (TftpEnd.CUT_OFF, True),
    ]


def test_no_way_there(wire: Segment) -> None:
    machine = wire.station("eth0", "10.7.0.9/24")
    (nobody,) = machine.call(lambda: fetch("eth0", "10.7.0.77", "x"))
    (no_route,) = machine.call(lambda: fetch("eth0", "10.9.0.1", "x"))
    assert (nobody.end, no_route.end) == (TftpEnd.UNREACHABLE, TftpEnd.UNREACHABLE)
    assert "unreachable" in no_route.words
