"""UEFI HTTP boot by real firmware against the real daemon: no TFTP, an absolute URL, then iPXE's script."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.provisioner.test_daemon import MAC, contributions, site

pytestmark = pytest.mark.boot

OVMF = Path("/usr/share/OVMF")
SECONDS = 240.0


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def powers_on(wire: Segment, folder: Path) -> subprocess.Popen[str]:
    """OVMF that is told to leave PXE out, so that HTTP is the first it tries."""
    variables = folder / "variables"
    shutil.copy(OVMF / "OVMF_VARS_4M.fd", variables)
    tap = wire.tap()
    return wire.hub.start(
        *("qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot"),
        *("-machine", "q35,accel=tcg", "-m", "256"),
        *("-drive", f"if=pflash,format=raw,readonly=on,file={OVMF / 'OVMF_CODE_4M.fd'}"),
        *("-drive", f"if=pflash,format=raw,file={variables}"),
        *("-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=no"),
        *("-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=no"),
        *("-netdev", f"tap,id=n0,ifname={tap},script=no,downscript=no"),
        *("-device", f"virtio-net-pci,netdev=n0,mac={MAC},bootindex=1,romfile="),
        *("-serial", f"file:{folder / 'console'}"),
    )


def test_ovmf_fetches_ipxe_by_http_and_that_its_script(wire: Segment, tmp_path: Path) -> None:
    daemon = DaemonChild(
        wire.station("lan0", "10.7.0.1/24"), tmp_path / "state", "--probe-wait", "0.3"
    )
    daemon.start()
    for contribution in contributions(tmp_path):
        daemon.put(contribution).raise_for_status()
    host = replace(site().hosts[0], firmware=Firmware.UEFI)
    daemon.put(Contribution("site", site=replace(site(), hosts=[host]))).raise_for_status()
    machine = powers_on(wire, tmp_path)
    deadline = time.monotonic() + SECONDS
    while not daemon.events("ScriptServed"):
        assert machine.poll() is None, machine.communicate()
        assert time.monotonic() < deadline, daemon.log.read_text()[-3000:]
        time.sleep(0.2)

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
