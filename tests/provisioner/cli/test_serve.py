"""`provisioner serve` as a process, with a real daemon: how it stops, what it joins, what it refuses."""

from __future__ import annotations

import asyncio
import contextlib
import io
import signal
import time
from pathlib import Path

import pytest

from harmony.infra.daemon_client import DaemonClient
from inventory.errors import OperatorError, PeerError
from provisioner.cli.admin import Admin
from provisioner.cli.serve import serve_site
from provisioner.cli.status import status_text
from tests.foreign_servers import dnsmasq
from tests.namespaces import Segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.serve_child import ServeChild
from tests.provisioner.cli.small_site import SITE, WORKS

JOINED = "joined the daemon that already serves"


@pytest.mark.protocol
def test_a_killed_command_leaves_a_daemon_that_the_next_one_joins_and_stops(
    serve: ServeChild,
) -> None:
    serve.start()
    serve.until("this declaration has never been rehearsed")
    serve.until(WORKS)
    left = serve.daemon_pid()
    serve.end(signal.SIGKILL)

    serve.start()
    serve.until(JOINED)
    serve.until(WORKS)
    assert serve.daemon_pid() == left
    code, words = serve.attempt()
    assert code == 1
    assert words.startswith(f"error: `provisioner serve` already runs on {serve.place.root} (proc")

    assert serve.end(signal.SIGTERM) == 0
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_a_score_that_is_declared_no_longer_wishes_nothing(
    serve: ServeChild, small_site_file: Path
) -> None:
    serve.start()
    until_owners(serve, {"site", "images/ramdisk", "installed-hosts/m1/installations"})
    serve.end(signal.SIGKILL)
    small_site_file.write_text(
        SITE.replace("maestro.register(InstalledHosts([m1]))", "pass"), "utf-8"
    )
    serve.start()
    until_owners(serve, {"site", "images/ramdisk"})
    assert serve.end(signal.SIGTERM) == 0


def until_owners(serve: ServeChild, expected: set[str]) -> None:
    """Returns when it is these whose wishes the daemon serves."""
    deadline, owners = time.monotonic() + 60, set[str]()
    while time.monotonic() < deadline:
        with contextlib.suppress(PeerError):
            owners = asyncio.run(owners_of(serve))
            if owners == expected:
                return
        time.sleep(0.1)
    raise AssertionError(owners)


async def owners_of(serve: ServeChild) -> set[str]:
    client = DaemonClient(serve.place.admin_socket)
    try:
        return {one["owner"] for one in await client.get("/v1/contributions")}
    finally:
        await client.close()


@pytest.mark.protocol
def test_the_daemon_is_started_again_and_ctrl_c_ends_both(serve: ServeChild) -> None:
    serve.start()
    serve.until(WORKS)
    serve.kill_daemon()
    serve.until("the daemon ended with exit code -9; starting it again")
    serve.until_served()
    assert serve.end(signal.SIGINT) == 130
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_a_daemon_that_systemd_keeps_is_joined_again_and_left_alone(serve: ServeChild) -> None:
    serve.place.root.mkdir()
    daemon = DaemonChild(serve.station, serve.place.daemon)
    daemon.start()
    serve.start("finishes", "--join")
    serve.until("joined the daemon at")
    serve.until(WORKS)
    daemon.kill()
    serve.until("the daemon does not answer; waiting for it to be started again")
    assert serve.daemon_pid() is None
    daemon.start()
    serve.until("the daemon answers again")
    serve.until(WORKS)
    assert serve.end(signal.SIGTERM) == 0
    assert daemon.answers()
    daemon.kill()
    daemon.admin.close()


@pytest.mark.protocol
@pytest.mark.parametrize(
    ("declared", "instead", "words"),
    [
        ('"lan0"', '"lan9"', "interface lan9 doesn't exist"),
        ('="10.7.0.1"', '="10.7.0.2"', "interface lan0 doesn't have the address 10.7.0.2"),
    ],
)
def test_an_interface_that_is_not_as_declared(
    serve: ServeChild, small_site_file: Path, declared: str, instead: str, words: str
) -> None:
    small_site_file.write_text(SITE.replace(declared, instead), encoding="utf-8")
    code, said = serve.attempt()
    assert (code, said.count("\n")) == (1, 1), said
    assert words in said
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_a_port_in_use(serve: ServeChild, wire: Segment) -> None:
    taken = "import socket, time; s = socket.create_server(('10.7.0.1', 80)); print(flush=True)"
    other = serve.station.start("python3", "-c", f"{taken}; time.sleep(600)")
    assert other.stdout is not None
    other.stdout.readline()
    assert serve.attempt() == (
        1,
        "error: HTTP: TCP port 80 of 10.7.0.1 on lan0 is in use by another program\n",
    )
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_another_dhcp_server_is_named(serve: ServeChild, wire: Segment) -> None:
    other = wire.station("eth0", "10.7.0.254/24", mac="52:54:00:aa:bb:cc")
    with dnsmasq(other, "10.7.0.50", "10.7.0.60"):
        assert serve.attempt() == (
            1,
            "error: another DHCP server answers on lan0: 10.7.0.254 (52:54:00:aa:bb:cc);"
            " addresses are handed out by one server only\n",
        )
    assert serve.daemon_pid() is None


@pytest.mark.protocol
def test_a_daemon_started_again_beside_another_server_hands_out_no_address(
    serve: ServeChild, wire: Segment
) -> None:
    serve.start()
    serve.until(WORKS)
    other = wire.station("eth0", "10.7.0.254/24", mac="52:54:00:aa:bb:cc")
    with dnsmasq(other, "10.7.0.50", "10.7.0.60"):
        serve.kill_daemon()
        line = "no address is handed out on lan0: another DHCP server was there first: 10.7.0.254"
        serve.until(f"{line} (52:54:00:aa:bb:cc)")
        serve.end(signal.SIGKILL)
        serve.start()
        serve.until(JOINED)
        serve.until(f"{line} (52:54:00:aa:bb:cc)")
        told = Admin(serve.place.admin_socket).status()
        assert f"{line} (52:54:00:aa:bb:cc)" in status_text(told, (), 0.0).splitlines()
    assert serve.end(signal.SIGTERM) == 0


@pytest.mark.unit
def test_a_faulty_declaration(small_site_file: Path, tmp_path: Path) -> None:
    small_site_file.write_text(SITE.replace("10.7.0.11", "10.8.0.11"), encoding="utf-8")
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert serve_site(small_site_file, tmp_path / "state", require_rehearsal=False) == 1
    assert told.getvalue().startswith("error[HP")
    assert not (tmp_path / "state").exists()


@pytest.mark.unit
def test_a_rehearsal_that_is_required(small_site_file: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError) as refused:
        serve_site(small_site_file, tmp_path / "state", require_rehearsal=True)
    assert str(refused.value) == (
        "this declaration has never been rehearsed; run `provisioner rehearse site.py` first"
    )
    assert not (tmp_path / "state").exists()
