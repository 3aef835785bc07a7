"""The daemon started again where another DHCP server has come meanwhile: real clients of both."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from tests.dhcp_clients import Dhclient, Udhcpc
from tests.foreign_servers import dnsmasq
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import CP1, SITE, W1

pytestmark = pytest.mark.protocol

OTHER = "10.7.0.254 (52:54:00:aa:bb:cc)"
QUICK = ("--probe-every", "0.1", "--probe-wait", "1")


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def daemon(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    child = DaemonChild(wire.station("lan0", "10.7.0.1/24"), tmp_path / "state", *QUICK)
    yield child
    child.admin.close()


def folder(tmp_path: Path, name: str) -> Path:
    made = tmp_path / name
    made.mkdir()
    return made


def until_told(daemon: DaemonChild, kind: str, times: int = 1) -> None:
    """Returns when the daemon has logged that; AssertionError with its log if it doesn't."""
    deadline = time.monotonic() + 60
    while len(daemon.events(kind)) < times:
        assert time.monotonic() < deadline, daemon.log.read_text()[-2000:]
        time.sleep(0.05)


def withheld(daemon: DaemonChild) -> str:
    (network,) = daemon.admin.get("/v1/status").json()["networks"]
    return str(network["withheld"])


def test_no_address_beside_a_server_that_was_there_first_and_service_after_its_end(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    daemon.start()
    daemon.put(Contribution("site", site=SITE)).raise_for_status()
    assert withheld(daemon) == ""
    cp1 = Udhcpc(wire.station("eth0", mac=CP1.nics[0].mac), folder(tmp_path, "cp1"))
    running = cp1.start()
    cp1.wait_for_note("bound 10.7.0.11 cp1")
    w1 = Dhclient(wire.station("eth0", mac=W1.nics[0].mac), folder(tmp_path, "w1"))
    rival = wire.station("eth0", "10.7.0.254/24", mac="52:54:00:aa:bb:cc")

    daemon.kill()
    with dnsmasq(rival, "10.7.0.50", "10.7.0.50", "--no-ping"):
        daemon.start()
        until_told(daemon, "ForeignDhcpServerAppeared")
        assert withheld(daemon) == f"another DHCP server was there first: {OTHER}"
        assert w1.once()
        assert w1.noted()[-1].startswith("BOUND 10.7.0.50")
        assert [event for event in daemon.events("OfferSent") if event["host"] == "w1"] == []
        running.send_signal(signal.SIGUSR1)
        cp1.wait_for_note("renew 10.7.0.11 cp1")

    until_told(daemon, "ForeignDhcpServerGone")
    assert withheld(daemon) == ""
    assert w1.once()
    assert w1.noted()[-1] == "BOUND 10.7.0.12 w1"

    with dnsmasq(rival, "10.7.0.50", "10.7.0.50", "--no-ping"):
        until_told(daemon, "ForeignDhcpServerAppeared", 2)
        assert withheld(daemon) == ""
        assert daemon.admin.get("/v1/status").json()["foreign_dhcp_servers"] == [f"{OTHER} on lan0"]
    assert daemon.terminate() == 0


def test_until_the_first_probe_has_come_back_nobody_is_given_an_address(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    daemon.start()
    daemon.put(Contribution("site", site=SITE)).raise_for_status()
    assert daemon.terminate() == 0

    slow = DaemonChild(daemon.station, daemon.state, "--probe-wait", "600")
    slow.start()
    assert withheld(slow) == "it isn't known yet whether another DHCP server is there"
    w1 = Dhclient(wire.station("eth0", mac=W1.nics[0].mac), folder(tmp_path, "w1"))
    asking = w1.start()
    until_told(slow, "DhcpMessageIgnored")
    answer = slow.station.run("dig", "+short", "@10.7.0.1", "w1.small.example")
    assert answer.stdout == "10.7.0.12\n"
    slow.kill()
    slow.admin.close()

    daemon.start()
    w1.wait_for_note("BOUND 10.7.0.12 w1")
    asking.kill()
    asking.wait()
    ignored = [event for event in daemon.events("DhcpMessageIgnored") if event["host"] == "w1"]
    assert {event["detail"]["reason"] for event in ignored} == {
        "it isn't known yet whether another DHCP server is here"
    }
