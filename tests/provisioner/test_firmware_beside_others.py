"""Real firmware where we are not alone: the site's own DHCP server gives the addresses (dnsmasq), or a relay
(dnsmasq again) is between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware, Host, Nic
from inventory.network import PROXY, Network
from inventory.site import Site
from tests.foreign_servers import dnsmasq
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.firmware_machine import FirmwareMachine
from tests.provisioner.test_daemon_behind_relay import MAC as MAC_BEHIND
from tests.provisioner.test_daemon_behind_relay import SITE, Building, building

pytestmark = pytest.mark.boot

__all__ = ["building"]

MAC = "52:54:00:07:00:11"
LAN = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", dhcp=PROXY)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.mark.parametrize(
    ("firmware", "by_http", "stages", "files"),
    [
        (Firmware.BIOS, False, ["ipxe"], []),
        (Firmware.UEFI, False, ["pxe", "ipxe"], ["snponly.efi"]),
        (Firmware.UEFI, True, ["http-boot", "ipxe"], []),
    ],
)
def test_firmware_takes_its_address_there_and_its_boot_here(
    wire: Segment,
    tmp_path: Path,
    firmware: Firmware,
    by_http: bool,
    stages: list[str],
    files: list[str],
) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    daemon = DaemonChild(station, tmp_path / "state", "--probe-wait", "0.3")
    host = Host("cp1", [Nic(MAC)], firmware=firmware)
    with dnsmasq(wire.station("eth0", "10.7.0.2/24"), "10.7.0.50", "10.7.0.60"):
        daemon.start()
        site = Site("test", [LAN], [host])
        daemon.put(Contribution("site", site=site)).raise_for_status()
        machine = FirmwareMachine(wire, tmp_path, MAC, firmware, by_http)
        daemon.wait_for_event("ScriptServed", machine.power_on())
    (served,) = daemon.events("ScriptServed")
    assert (served["host"], served["mac"]) == ("cp1", MAC)
    heard = [event["detail"]["client"] for event in daemon.events("DiscoverHeard")]
    assert sorted(set(heard), key=heard.index) == stages
    assert [event["detail"]["path"] for event in daemon.events("FileSent")] == files
    assert daemon.events("OfferSent") == daemon.events("Acknowledged") == []
    daemon.kill()
    daemon.admin.close()


@pytest.mark.parametrize("firmware", [Firmware.BIOS, Firmware.UEFI])
def test_firmware_boots_through_a_relay(
    building: Building, tmp_path: Path, firmware: Firmware
) -> None:
    host = replace(SITE.hosts[0], firmware=firmware)
    building.daemon.put(Contribution("site", site=replace(SITE, hosts=[host]))).raise_for_status()
    machine = FirmwareMachine(building.floor, tmp_path, MAC_BEHIND, firmware)
    building.daemon.wait_for_event("ScriptServed", machine.power_on())
    assert building.leases() == {MAC_BEHIND: "10.8.0.21"}
    assert building.hosts_of("ScriptServed") == ["w1"]
