"""A real machine that boots from the network first, and is installed: it is sent to its own disk.

QEMU with SeaBIOS and with OVMF, against the real daemon, for which a scripted machine of the same MAC
has gone through its life before. The disk says a line on the serial port, and must not have changed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine
from tests.peers.tiny_disk import WORDS, bios_disk, uefi_folder
from tests.provisioner.test_daemon import MAC, contributions, site

pytestmark = pytest.mark.boot


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def disk_of(firmware: Firmware, folder: Path) -> tuple[str, ...]:
    """QEMU's arguments for the firmware and the disk, which is second in the boot order."""
    if firmware is Firmware.BIOS:
        bios_disk(folder / "disk")
        drive = f"file={folder}/disk,format=raw"
        arguments: tuple[str, ...] = ()
    else:
        uefi_folder(folder / "disk")
        drive = f"file=fat:{folder}/disk,format=raw,read-only=on"
        variables = folder / "vars.fd"
        variables.write_bytes(Path("/usr/share/OVMF/OVMF_VARS_4M.fd").read_bytes())
        arguments = (
            *("-drive", "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"),
            *("-drive", f"if=pflash,format=raw,file={variables}"),
        )
    return (
        *arguments,
        *("-drive", f"if=none,id=disk,{drive}"),
        *("-device", "virtio-blk-pci,drive=disk,bootindex=2"),
    )


def content(folder: Path) -> str:
    """The digest of everything in the folder."""
    digest = hashlib.sha256()
    for path in sorted(each for each in (folder, *folder.rglob("*")) if each.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.mark.parametrize("firmware", list(Firmware))
def test_an_installed_machine_starts_its_own_disk(
    firmware: Firmware, wire: Segment, tmp_path: Path
) -> None:
    daemon = DaemonChild(wire.station("lan0", "10.7.0.1/24"), tmp_path / "state")
    daemon.start()
    for contribution in contributions(tmp_path):
        daemon.put(contribution)
    host = replace(site().hosts[0], firmware=firmware)
    daemon.put(Contribution("site", site=replace(site(), hosts=[host])))
    earlier = ScriptedMachine(wire.station("eth0", mac=MAC), MAC)
    earlier.station.call(lambda: earlier.run_ramdisk(earlier.boot_from_network()))
    earlier.station.run("ip", "link", "set", "eth0", "down")
    seen = len(daemon.events("ScriptServed"))

    drives = disk_of(firmware, tmp_path)
    before = content(tmp_path / "disk")
    console = tmp_path / "console"
    tap = wire.tap()
    machine = wire.hub.start(
        *("qemu-system-x86_64", "-accel", "tcg", "-m", "512", "-display", "none"),
        *("-netdev", f"tap,id=lan,ifname={tap},script=no,downscript=no"),
        *("-device", f"virtio-net-pci,netdev=lan,mac={MAC},bootindex=1"),
        *("-serial", f"file:{console}"),
        *drives,
    )
    deadline = time.monotonic() + 300
    while not console.exists() or WORDS not in console.read_bytes():
        assert machine.poll() is None, machine.communicate()
        assert time.monotonic() < deadline, console.read_bytes()[-2000:]
        time.sleep(0.2)

    assert len(daemon.events("ScriptServed")) > seen
    assert daemon.events("ScriptServed")[-1]["detail"]["plan"] == "BootOwnDisk"
    assert daemon.hosts()["cp1"]["state"] == "installed"
    assert content(tmp_path / "disk") == before
    daemon.admin.close()
