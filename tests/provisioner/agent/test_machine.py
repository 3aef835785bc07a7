"""The edge against a peer by hand: each state is carried out, whatever happens comes back as an event."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from provisioner.agent import conversation as talk
from provisioner.agent.daemon_client import DaemonClient
from provisioner.agent.machine import Machine
from provisioner.agent.messages import DiskReport, Failed, Install, Wait, Written
from provisioner.images.chunked_image import write_chunked_image
from tests.provisioner.agent.daemon_peer import TOKEN, DaemonPeer, serving
from tests.provisioner.agent.sysfs_tree import add_disk, roots_in

pytestmark = pytest.mark.protocol

MIB = 1 << 20
IGNITION = b'{"ignition":{"version":"3.3.0"}}'


def machine(peer: DaemonPeer, folder: Path, said: list[str], token: str = TOKEN) -> Machine:
    roots = roots_in(folder)
    add_disk(roots, "vda", bytes(4 * MIB), {"serial": "S1"})
    url = f"http://127.0.0.1:{peer.port}"
    client = DaemonClient(url, token, lambda _seconds: None, said.append)
    return Machine(client, "52:54:00:07:00:11", roots, said.append)


def order(disk: DiskReport, peer: DaemonPeer, ignition: str) -> Install:
    base = f"http://127.0.0.1:{peer.port}"
    size, config = len(peer.files.get("/image", b"")), hashlib.sha256(IGNITION).hexdigest()
    ends = f"{base}{ignition}", config, "/r", "t"
    return Install("o1", disk, True, f"{base}/image", "00", size, *ends)


def image(folder: Path) -> bytes:
    (folder / "raw").write_bytes(bytes(2 * MIB))
    write_chunked_image(folder / "raw", folder / "served")
    return (folder / "served").read_bytes()


def test_the_report_is_read_and_sent_and_the_clock_compared(tmp_path: Path) -> None:
    with serving(DaemonPeer({}, ahead=-3600)) as peer:
        edge = machine(peer, tmp_path, [])
        surveyed = edge.act(talk.Surveying())
        assert isinstance(surveyed, talk.Surveyed)
        accepted = edge.act(talk.Reporting(surveyed.report))
        assert isinstance(accepted, talk.Accepted)
        assert accepted.ahead == pytest.approx(3600, abs=5)
        assert peer.heard[0].body["boot_mac"] == "52:54:00:07:00:11"
        assert peer.heard[0].body["disks"][0]["serial"] == "S1"


def test_orders_and_pauses(tmp_path: Path) -> None:
    said: list[str] = []
    with serving(DaemonPeer({}, orders=[Wait("approval")])) as peer:
        edge = machine(peer, tmp_path, said)
        assert edge.act(talk.Asking()) == talk.Ordered(Wait("approval"))
    for reason in ("waiting for approval", "waiting for approval", "waiting for a disk"):
        assert edge.act(talk.Pausing(0.0, reason, talk.Asking())) == talk.Rested()
    assert said == ["waiting for approval", "waiting for a disk"]


def test_a_refusal_and_no_answer_are_events(tmp_path: Path) -> None:
    with serving(DaemonPeer({})) as peer:
        edge = machine(peer, tmp_path, [], token="wrong")
        assert isinstance(edge.act(talk.Asking()), talk.Refused)
    assert isinstance(edge.act(talk.Asking()), talk.Unreachable)


def test_what_was_done_is_told(tmp_path: Path) -> None:
    disk = DiskReport("vda", 4 * MIB, serial="S1")
    with serving(DaemonPeer({})) as peer:
        edge = machine(peer, tmp_path, [])
        assert isinstance(edge.act(talk.Confirming(Written("o1", disk))), talk.Accepted)
        assert isinstance(edge.act(talk.Complaining(Failed("o1", "no"))), talk.Accepted)
        assert [heard.path for heard in peer.heard] == ["/agent/written", "/agent/failed"]


def test_an_installation_that_is_refused_comes_with_evidence(tmp_path: Path) -> None:
    said: list[str] = []
    with serving(DaemonPeer({"/ignition": IGNITION, "/image": image(tmp_path)})) as peer:
        edge = machine(peer, tmp_path, said)
        other = order(DiskReport("vda", 4 * MIB, serial="S2"), peer, "/ignition")
        gave_up = edge.act(talk.Installing(other))
    assert isinstance(gave_up, talk.GaveUp)
    assert "is the ordered one" in gave_up.failed.reason
    assert gave_up.failed.evidence[0] == f"seen: vda {4 * MIB} bytes serial S1"
    assert said == ["installing on vda S2 (order o1)"]


def test_a_config_that_is_not_there_is_a_failure_and_the_disk_untouched(tmp_path: Path) -> None:
    with serving(DaemonPeer({})) as peer:
        edge = machine(peer, tmp_path, [])
        right = order(DiskReport("vda", 4 * MIB, serial="S1"), peer, "/absent/token")
        gave_up = edge.act(talk.Installing(right))
    assert isinstance(gave_up, talk.GaveUp)
    assert "404" in gave_up.failed.reason
    assert "token" not in repr(gave_up.failed)
    assert any("daemon_client.py" in line for line in gave_up.failed.evidence)
    assert (tmp_path / "dev" / "vda").read_bytes() == bytes(4 * MIB)
