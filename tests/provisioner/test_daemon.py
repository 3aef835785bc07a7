"""The real daemon against a scripted machine: the whole of a machine's way, in seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.contribution import Artifact, Contribution, Installation, Ramdisk
from inventory.host import AnyBlank, Firmware, Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine

pytestmark = pytest.mark.protocol

MAC = "52:54:00:07:00:11"
IGNITION = '{"ignition":{"version":"3.3.0"}}'


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def daemon(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    child = DaemonChild(wire.station("lan0", "10.7.0.1/24"), tmp_path / "state")
    yield child
    child.admin.close()


def site() -> Site:
    lan = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
    host = Host(
        "cp1", [Nic(MAC)], address="10.7.0.11", firmware=Firmware.BIOS, install_on=AnyBlank()
    )
    return Site("test", [lan], [host], domain="test.example")


def artifact(folder: Path, name: str, content: bytes) -> Artifact:
    path = folder / name
    path.write_bytes(content)
    return Artifact(name, hashlib.sha256(content).hexdigest(), len(content), str(path))


def contributions(folder: Path) -> tuple[Contribution, ...]:
    kernel = artifact(folder, "vmlinuz", b"kernel" * 1000)
    initrd = artifact(folder, "initrd.img", b"initrd" * 1000)
    image = artifact(folder, "node-image", b"image" * 100_000)
    return (
        Contribution("site", site=site()),
        Contribution("first-boot/ramdisk", ramdisk=Ramdisk(kernel, initrd)),
        Contribution(
            "first-boot/installations",
            installations=(Installation("cp1", image, IGNITION),),
        ),
    )


def whole_life(machine: ScriptedMachine) -> None:
    machine.run_ramdisk(machine.boot_from_network())
    own_disk = "sanboot --no-describe --drive 0x80 || exit\n"
    assert machine.boot_from_network().endswith(own_disk)
    machine.first_boot()
    assert machine.boot_from_network().endswith(own_disk)


def test_a_machine_is_installed_once_and_becomes_ready(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    daemon.start()
    for contribution in contributions(tmp_path):
        assert daemon.put(contribution).json()["changed"], contribution.owner
        assert not daemon.put(contribution).json()["changed"], contribution.owner
    machine = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    machine.station.call(lambda: whole_life(machine))

    assert daemon.hosts()["cp1"]["state"] == "ready"
    assert len(machine.writings) == 1
    assert set(machine.addresses) == {"10.7.0.11"}
    moves = [
        (event["detail"]["from"], event["detail"]["to"]) for event in daemon.events("StateChanged")
    ]
    assert moves == [
        (None, "discovered"),
        ("discovered", "inventoried"),
        ("inventoried", "assigned"),
        ("assigned", "installing"),
        ("installing", "installed"),
        ("installed", "ready"),
    ]
    assert daemon.terminate() == 0


def test_it_forgets_nothing_killed_after_every_message(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    daemon.start()
    for contribution in contributions(tmp_path):
        daemon.put(contribution)
        daemon.restart()
    machine = ScriptedMachine(
        wire.station("eth0", mac=MAC), MAC, between=lambda _: daemon.restart()
    )
    machine.station.call(lambda: whole_life(machine))  # its thread's end is the daemon's as well

    daemon.restart()

    assert daemon.starts > 20
    assert daemon.hosts()["cp1"]["state"] == "ready"
    assert len(machine.writings) == 1
    assert len(daemon.events("InstallOrdered")) == 1
    assert set(machine.addresses) == {"10.7.0.11"}
