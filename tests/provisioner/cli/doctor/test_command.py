"""The command as it is typed: on the computer that serves a bridge, and from another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.doctor.command import doctor
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment
from tests.peers.served_site import served_on

SOON = ("--probe-wait", "0.3")
SITE = """\
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network(
    "lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", pool=("10.7.0.100", "10.7.0.199")
)
cp1 = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
site = Site("small", networks=[lan], hosts=[cp1], domain="small.example")


def deploy(maestro):
    pass
"""


def typed(computer: NetworkNamespace, state: Path, *arguments: str) -> tuple[int, str, str]:
    program = (sys.executable, "-m", "provisioner.cli.main", "doctor", "--state", str(state))
    done = computer.attempt(*program, *arguments)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.protocol
def test_from_another_computer(wire: Segment, tmp_path: Path) -> None:
    site = tmp_path / "site.py"
    site.write_text(SITE)
    pc, nobodys = wire.station("eth0"), tmp_path / "nobodys"
    with served_on(wire, tmp_path, *SOON) as daemon:
        arguments = (str(site), "--interface", "eth0", "--full")
        code, told, _ = typed(pc, nobodys, *arguments, "--json")
        assert (code, json.loads(told)[0]["healthy"]) == (0, True), told
        code, _, error = typed(daemon.station, tmp_path)
        assert code == 1
        assert error.startswith("error: this computer serves DHCP itself, and lan0 is no bridge")
    code, told, _ = typed(pc, nobodys, "--interface", "eth0")
    assert (code, "no-offer: no DHCP server answered on eth0" in told) == (1, True)


@pytest.mark.protocol
def test_on_the_computer_that_serves_a_bridge_beside_another_server(
    wire: Segment, tmp_path: Path
) -> None:
    rival = wire.station("eth0", "10.7.0.254/24", mac="52:54:00:aa:bb:cc")
    with served_on(wire, tmp_path, *SOON, bridged=True) as daemon:
        code, told, _ = typed(daemon.station, tmp_path, "--full")
        assert (code, told.splitlines()[0].startswith("lan on lan0, asked as 02:48:50:")) == (
            0,
            True,
        ), told
        with dnsmasq(rival, "10.7.0.50", "10.7.0.50", "--no-ping"):
            code, told, _ = typed(daemon.station, tmp_path)
    assert code == 1
    assert "another DHCP server answers: 10.7.0.254 (52:54:00:aa:bb:cc)" in told


@pytest.mark.unit
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mac": "52:54:00:07:00:11", "full": True}, "give back that machine's own lease"),
        ({"mac": "nonsense"}, "'nonsense' is not a MAC address"),
    ],
)
def test_what_can_not_be_asked(options: dict[str, object], words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        doctor(interface="eth0", **options)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.unit
def test_a_user_is_told_to_be_root() -> None:
    user = ("setpriv", "--reuid=65534", "--clear-groups") if os.geteuid() == 0 else ()
    program = (sys.executable, "-m", "provisioner.cli.main", "doctor", "--interface", "lo")
    done = subprocess.run([*user, *program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("needs root: run it under sudo\n")
