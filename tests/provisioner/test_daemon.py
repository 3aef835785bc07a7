"""The real daemon against a scripted machine: the whole of a machine's way, in seconds."""

from __future__ import annotations

import hashlib
import resource
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Artifact, Contribution, Installation, Ramdisk
from inventory.host import AnyBlank, Firmware, Host, Nic
from inventory.network import Network
from inventory.site import Site
from provisioner.cli.daemon_unit import CAPABILITIES
from tests.compiled_modules import cache_with_compiled_modules
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine

pytestmark = pytest.mark.protocol

MAC = "52:54:00:07:00:11"
LIFE = ["discovered", "inventoried", "assigned", "installing", "installed", "ready"]
KILLED_DURING = (
    "POST /agent/report",
    "GET /agent/order",
    "POST /agent/begun",
    "POST /agent/written",
    "POST /first-boot/",
)
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


@pytest.fixture
def restarted(wire: Segment, tmp_path: Path) -> Iterator[DaemonChild]:
    """One that is started many times: before each first probe is over it hands out no address."""
    station = wire.station("lan0", "10.7.0.1/24")
    child = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
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
    assert len(set(resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE))) == 1
    for contribution in contributions(tmp_path):
        assert daemon.put(contribution).json()["changed"], contribution.owner
        assert not daemon.put(contribution).json()["changed"], contribution.owner
    machine = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    machine.station.call(lambda: whole_life(machine))

    assert daemon.hosts()["cp1"]["state"] == "ready"
    assert len(machine.writings) == 1
    assert set(machine.addresses) == {"10.7.0.11"}
    assert [event["detail"]["to"] for event in daemon.events("StateChanged")] == LIFE
    assert daemon.terminate() == 0


def test_two_capabilities_are_all_it_needs_of_root(wire: Segment, tmp_path: Path) -> None:
    names = CAPABILITIES.lower().replace("cap_", "+").replace(" ", ",")
    station = wire.station("lan0", "10.7.0.1/24")
    under = ("setpriv", f"--bounding-set=-all,{names}")
    daemon = DaemonChild(station, tmp_path / "state", under=under)
    daemon.start()
    for contribution in contributions(tmp_path):
        assert daemon.put(contribution).json()["changed"], contribution.owner
    machine = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    machine.station.call(lambda: whole_life(machine))
    assert daemon.hosts()["cp1"]["state"] == "ready"
    assert daemon.terminate() == 0
    daemon.admin.close()


def test_it_forgets_nothing_killed_after_every_message(
    wire: Segment, restarted: DaemonChild, tmp_path: Path
) -> None:
    restarted.start()
    for contribution in contributions(tmp_path):
        restarted.put(contribution)
        restarted.restart()
    machine = ScriptedMachine(
        wire.station("eth0", mac=MAC), MAC, between=lambda _: restarted.restart()
    )
    machine.station.call(lambda: whole_life(machine))  # its thread's end is the daemon's as well

    restarted.restart()

    assert restarted.starts > 20
    assert restarted.hosts()["cp1"]["state"] == "ready"
    assert len(machine.writings) == 1
    assert len(restarted.events("InstallOrdered")) == 1
    assert set(machine.addresses) == {"10.7.0.11"}


def test_a_message_under_way_when_it_is_killed_is_said_again(
    wire: Segment, restarted: DaemonChild, tmp_path: Path
) -> None:
    """Killed after the request was sent and before its answer: it may or may not have been kept."""
    restarted.start()
    for contribution in contributions(tmp_path):
        restarted.put(contribution)
    machine = ScriptedMachine(
        wire.station("eth0", mac=MAC),
        MAC,
        under_way=lambda words: restarted.restart() if words in KILLED_DURING else None,
    )
    machine.station.call(lambda: whole_life(machine))
    restarted.restart()

    assert restarted.starts == 2 + len(KILLED_DURING)
    assert restarted.hosts()["cp1"]["state"] == "ready"
    assert len(machine.writings) == 1
    assert len(restarted.events("InstallOrdered")) == 1
    assert [event["detail"]["to"] for event in restarted.events("StateChanged")] == LIFE


def test_refusals_are_one_clear_line_and_an_exit_code(
    wire: Segment, daemon: DaemonChild, tmp_path: Path
) -> None:
    daemon.start()
    second = daemon.attempt()
    assert (second.returncode, second.stderr) == (
        1,
        f"provisioner: another daemon (process {daemon.pid}) serves the state in {daemon.state}"
        " already\n",
    )
    for contribution in contributions(tmp_path):
        daemon.put(contribution)
    assert daemon.terminate() == 0

    station = daemon.station
    holder = station.start(sys.executable, "-m", "http.server", "80", "--bind", "10.7.0.1")
    listening(station, ":80")
    assert last_line(daemon) == (
        "provisioner: HTTP: TCP port 80 of 10.7.0.1 on lan0 is in use by another program"
    )
    holder.kill()
    holder.wait()
    station.run("ip", "address", "flush", "dev", "lan0")
    assert last_line(daemon) == (
        "provisioner: interface lan0 doesn't have the address 10.7.0.1; it has no IPv4 address"
    )
    station.run("ip", "link", "set", "lan0", "down")
    station.run("ip", "link", "set", "lan0", "name", "lan1")
    assert last_line(daemon) == (
        "provisioner: interface lan0 doesn't exist here; there are: lan1, lo"
    )


def test_a_site_that_cannot_be_served_changes_nothing(daemon: DaemonChild) -> None:
    daemon.start()
    lan = Network("lan", "10.7.0.0/24", "lan9", "10.7.0.1")
    refused = daemon.put(Contribution("site", site=Site("test", [lan], [])))
    assert refused.status_code == 409
    (finding,) = refused.json()["diagnostics"]
    assert finding["code"] == "HP0306"
    assert finding["message"] == "interface lan9 doesn't exist here; there are: lan0, lo"
    assert daemon.admin.get("/v1/contributions").json() == []
    assert daemon.put(Contribution("site", site=site())).status_code == 200
    assert daemon.terminate() == 0


def test_it_refuses_to_serve_beside_another_dhcp_server(wire: Segment, daemon: DaemonChild) -> None:
    rival = wire.station("eth0", "10.7.0.9/24", mac="52:54:00:99:99:99")
    rival.start(
        *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root"),
        *("--dhcp-range=10.7.0.50,10.7.0.60", "--interface=eth0", "--dhcp-leasefile=/dev/null"),
        *("--pid-file=", "--no-ping"),
    )
    listening(rival, ":67", "--udp")
    daemon.start()
    refused = daemon.put(Contribution("site", site=site()))
    assert refused.status_code == 409
    (finding,) = refused.json()["diagnostics"]
    assert finding["code"] == "HP0307"
    assert "10.7.0.9 (52:54:00:99:99:99)" in finding["message"]
    assert daemon.admin.get("/v1/status").json()["networks"] == []


def test_a_changed_network_is_served_at_once(wire: Segment, daemon: DaemonChild) -> None:
    daemon.start()
    daemon.put(Contribution("site", site=site()))
    daemon.station.run("ip", "address", "add", "10.8.0.1/24", "dev", "lan0")
    moved = replace(site().networks[0], subnet="10.8.0.0/24", address="10.8.0.1", pool=None)
    host = replace(site().hosts[0], address="10.8.0.11")
    answer = daemon.put(Contribution("site", site=replace(site(), networks=[moved], hosts=[host])))
    assert answer.json()["changed"]
    machine = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    script = machine.station.call(machine.boot_from_network)
    assert machine.address == "10.8.0.11"
    assert "http://10.8.0.1/boot.ipxe" in script


def test_without_boot_programs_it_serves_nobody(daemon: DaemonChild, tmp_path: Path) -> None:
    daemon.boot_programs = tmp_path
    assert last_line(daemon) == (
        f"provisioner: the boot program {tmp_path}/undionly.kpxe is missing: `provisioner serve` and"
        " `provisioner install-service` unpack it, --boot-programs names its folder"
    )


def last_line(daemon: DaemonChild) -> str:
    refused = daemon.attempt()
    assert refused.returncode == 1
    return refused.stderr.splitlines()[-1]


def listening(station: NetworkNamespace, port: str, transport: str = "--tcp") -> None:
    """Returns when somebody listens there."""
    for _ in range(500):
        if port in station.run("ss", "--listening", "--numeric", transport).stdout:
            return
    raise AssertionError(f"nobody listens on {port}")


def test_its_log_says_once_that_it_runs_compiled(daemon: DaemonChild) -> None:
    cache_with_compiled_modules()
    daemon.start()
    daemon.kill()
    assert daemon.log.read_text().splitlines().count("the daemon runs compiled") == 1
