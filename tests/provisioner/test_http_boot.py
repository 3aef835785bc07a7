"""UEFI HTTP boot by real firmware against the real daemon: no TFTP, an absolute URL, then iPXE's script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.firmware_machine import FirmwareMachine
from tests.provisioner.test_daemon import MAC, contributions, site

pytestmark = pytest.mark.boot


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_ovmf_fetches_ipxe_by_http_and_that_its_script(wire: Segment, tmp_path: Path) -> None:
    daemon = DaemonChild(
        wire.station("lan0", "10.7.0.1/24"), tmp_path / "state", "--probe-wait", "0.3"
    )
    daemon.start()
    for contribution in contributions(tmp_path):
        daemon.put(contribution).raise_for_status()
    host = replace(site().hosts[0], firmware=Firmware.UEFI)
    daemon.put(Contribution("site", site=replace(site(), hosts=[host]))).raise_for_status()
    machine = FirmwareMachine(wire, tmp_path, MAC, Firmware.UEFI, by_http=True)
    daemon.wait_for_event("ScriptServed", machine.power_on())

    heard = [event["detail"]["client"] for event in daemon.events("DiscoverHeard")]
    assert heard[0] == "http-boot"
    assert heard[-1] == "ipxe"
    assert set(heard) == {"http-boot", "ipxe"}
    offered = [event["detail"]["boot_file"] for event in daemon.events("OfferSent")]
    assert offered[0] == "http://10.7.0.1/ipxe/snponly.efi"
    assert daemon.events("FileSent") == []
    assert {event["detail"]["address"] for event in daemon.events("Acknowledged")} == {"10.7.0.11"}
    assert daemon.events("ScriptServed")[0]["detail"]["firmware"] == "uefi"
    daemon.kill()
    daemon.admin.close()
