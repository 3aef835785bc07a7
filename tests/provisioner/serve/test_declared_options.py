"""What a network declares, read by busybox's udhcpc: also what had to go into `file` and `sname`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory import DhcpOption, Network, Route
from provisioner.protocol.dhcp.declared_options import declared_options
from provisioner.protocol.dhcp.link import Link
from tests.namespaces import Segment, segment
from tests.provisioner.serve.dhcp_service import CP1, LINK, Served
from tests.served import serving

pytestmark = pytest.mark.protocol

LAN = Network(
    *("lan", "10.7.0.0/24", "lan0", "10.7.0.1"),
    gateway="10.7.0.254",
    search=["home.example", "lab.home.example"],
    routes=[Route("10.20.0.0/16", "10.7.0.253")],
    options=[DhcpOption(252, text="http://10.7.0.5/wpad.dat")],
)
FILLING = DhcpOption(43, hex="00" * 220)
ASKED = ("search", "staticroutes", "wpad", "43")


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def told(wire: Segment, link: Link, folder: Path) -> dict[str, str]:
    """The variables that udhcpc gives its script."""
    script = folder / "script"
    script.write_text(f'#!/bin/sh\n[ "$1" != bound ] || env > {folder}/env\n')
    script.chmod(0o755)
    served = Served(wire, wire.station("lan0", "10.7.0.1/24"), link)
    client = wire.station("eth0", mac=CP1)
    wanted = [word for name in ASKED for word in ("-O", name)]
    with serving(served.station, [served.server()]):
        client.run("busybox", "udhcpc", "-f", "-n", "-q", "-i", "eth0", "-s", str(script), *wanted)
    lines = (folder / "env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.mark.parametrize("more", [(), (FILLING,)], ids=["as they are", "overloaded"])
def test_udhcpc_reads_them(wire: Segment, more: tuple[DhcpOption, ...], tmp_path: Path) -> None:
    network = replace(LAN, options=(*more, *LAN.options))
    link = replace(LINK, options=declared_options(network), lease_time=600)
    found = told(wire, link, tmp_path)
    assert found["search"] == "home.example lab.home.example"
    assert found["staticroutes"] == "10.20.0.0/16 10.7.0.253 0.0.0.0/0 10.7.0.254"
    assert found["wpad"] == "http://10.7.0.5/wpad.dat"
    assert found["ip"] == "10.7.0.11"
