"""`provisioner serve`, from bare machines to the hand-over, with what happens on the way in real life:
the daemon is killed while a disk is written, the command is killed while the cluster comes up, one
machine's clock is a year off. The machines are not of this project's making."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.namespaces import Segment, segment
from tests.whole_life.foreign_machine import ForeignMachine
from tests.whole_life.jump_host import Command, JumpHost, jump_host
from tests.whole_life.site_file import write_site

pytestmark = pytest.mark.boot

A_STEP = 600.0
THE_CLUSTER = 1500.0
ASK = str(Path(__file__).with_name("ask_cluster.py"))


@dataclass(frozen=True, slots=True)
class Life:
    """One run, over: what is left to be asserted about."""

    host: JumpHost
    cp1: ForeignMachine
    w1: ForeignMachine
    nonce: str
    capture: str

    def events(self) -> list[dict[str, Any]]:
        lines = self.host.run("log", "--json").splitlines()
        return [json.loads(line) for line in lines]

    def ask(self, path: str) -> str:
        kubeconfig = self.host.state / "kubeconfigs" / "home.kubeconfig"
        return self.host.call("python3", ASK, str(kubeconfig), "10.7.0.11", path)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Generator[Life]:
    """The run itself; everything it started ends with the fixture."""
    folder = tmp_path_factory.mktemp("life")
    cp1 = ForeignMachine("cp1", folder, uefi=True, processors=2, memory_mib=2560)
    w1 = ForeignMachine(
        "w1", folder, uefi=False, processors=1, memory_mib=1536, clock="2025-01-01T00:00:00"
    )
    nonce = secrets.token_hex(16)
    site = write_site(folder, cp1, w1, nonce)
    with segment() as wire:
        station = wire.station("eth1", "10.7.0.1/24")
        pcap = folder / "wire.pcap"
        sniffer = wire.hub.start("tcpdump", "-i", "br0", "-U", "-s", "160", "-w", str(pcap))
        with jump_host(station, folder) as host:
            _live(host, wire, site, cp1, w1)
            sniffer.terminate()
            boot = host.call("tcpdump", "-n", "-r", str(pcap), "port 67 or port 69")
            requests = "tcp dst port 80 and greater 160"
            fetched = host.call("tcpdump", "-n", "-A", "-r", str(pcap), requests)
            yield Life(host, cp1, w1, nonce, boot + fetched)


def _live(
    host: JumpHost, wire: Segment, site: Path, cp1: ForeignMachine, w1: ForeignMachine
) -> None:
    serving = host.start("serve", str(site))
    serving.wait_for("press power on cp1", A_STEP)
    cp1.power_on(wire)
    serving.wait_for("press power on w1, bay 4", A_STEP)
    w1.power_on(wire)
    serving.wait_for("cp1                      installing", A_STEP)
    host.kill(host.daemon_pid())
    serving.wait_for("starting it again", A_STEP)
    serving.wait_for("waiting for Ready", THE_CLUSTER)
    again = _killed_and_started_again(host, serving, site)
    again.wait_for("handed over", THE_CLUSTER)


def _killed_and_started_again(host: JumpHost, serving: Command, site: Path) -> Command:
    host.kill(host.command_pid())
    serving.process.wait(timeout=60)
    again = host.start("serve", str(site))
    again.wait_for("joined the daemon", A_STEP)
    return again


def test_both_nodes_are_ready_and_are_the_machines_that_were_powered_on(life: Life) -> None:
    nodes = {n["metadata"]["name"]: n for n in json.loads(life.ask("/api/v1/nodes"))["items"]}
    ready = {
        name: [c["status"] for c in node["status"]["conditions"] if c["type"] == "Ready"]
        for name, node in nodes.items()
    }
    assert ready == {"cp1": ["True"], "w1": ["True"]}
    identities = {name: node["status"]["nodeInfo"]["systemUUID"] for name, node in nodes.items()}
    assert {name: uuid.lower() for name, uuid in identities.items()} == {
        "cp1": life.cp1.system_uuid,
        "w1": life.w1.system_uuid,
    }


def test_the_pod_answers_the_nonce_that_was_drawn_after_the_start(life: Life) -> None:
    pods = json.loads(life.ask("/api/v1/namespaces/web/pods"))["items"]
    for pod in pods:
        name = pod["metadata"]["name"]
        path = f"/api/v1/namespaces/web/pods/{name}:8080/proxy/"
        assert life.ask(path).strip() == life.nonce
    assert pods


def test_no_machine_was_installed_twice_although_the_network_is_tried_first(life: Life) -> None:
    ordered = Counter(event["host"] for event in life.events() if event["kind"] == "InstallOrdered")
    assert ordered == {"cp1": 1, "w1": 1}


def test_the_wire_has_seen_dhcp_tftp_and_http(life: Life) -> None:
    for mac in (life.cp1.mac, life.w1.mac):
        assert f"BOOTP/DHCP, Request from {mac}" in life.capture
    assert "snponly.efi" in life.capture
    assert "GET /boot.ipxe" in life.capture


def test_bootstrap_tokens_are_gone_once_their_nodes_are_ready(life: Life) -> None:
    listed = json.loads(life.ask("/api/v1/namespaces/kube-system/secrets"))["items"]
    tokens = [one for one in listed if one["type"] == "bootstrap.kubernetes.io/token"]
    assert tokens == []


def test_a_clock_that_was_a_year_off_is_in_the_log(life: Life) -> None:
    offsets = [
        abs(float(event["detail"]["clock_offset"]))
        for event in life.events()
        if event["kind"] == "ReportStored" and event["mac"] == life.w1.mac
    ]
    assert any(offset > 86_400 * 300 for offset in offsets)


def test_the_commands_of_the_operator(life: Life) -> None:
    assert "site whole-life" in life.host.run("status")
    assert "ready" in life.host.run("hosts")
    assert "#!ipxe" in life.host.run("render", "w1")
    assert json.loads(life.host.run("status", "--json"))["hosts"][0]["state"] == "ready"
