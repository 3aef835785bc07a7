"""The ramdisk and the agent in emulated machines, against the daemon's side by hand.

What only a kernel can show: drivers, hardware, DHCP, the clocks, zeroing, partitions the table doesn't
have yet, the mounted boot partition, the reboot.
"""

from __future__ import annotations

import hashlib
import random
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from provisioner.agent.messages import HardwareReport, Install, NicReport, Reboot
from provisioner.images.chunked_image import write_chunked_image
from tests.provisioner.agent.daemon_peer import TOKEN, DaemonPeer, serving
from tests.provisioner.agent.emulated_machine import (
    MAC,
    SECOND_MAC,
    SERIAL,
    UUID,
    EmulatedMachine,
    running,
)
from tests.provisioner.agent.small_image import (
    BOOT_START,
    MIB,
    ROOT_START,
    SIZE,
    read_boot_file,
    write_small_image,
)
from tests.provisioner.images.built_ramdisk import built_ramdisk

pytestmark = pytest.mark.boot

IGNITION = b'{"ignition":{"version":"3.3.0"}}'
HOST = "http://10.0.2.2"  # this machine, as QEMU's user network shows it
DISK_SIZE = 256 * MIB
REPORTS = TypeAdapter(HardwareReport)
# Bounds for a stuck test, not estimates: a report takes 10 to 30 s.
DISCOVERY_SECONDS = 240
INSTALL_SECONDS = 120
YEAR = 365 * 86400


@dataclass(frozen=True)
class Image:
    raw: bytes
    served: bytes


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    write_small_image(folder / "raw")
    write_chunked_image(folder / "raw", folder / "served")
    return Image((folder / "raw").read_bytes(), (folder / "served").read_bytes())


@pytest.fixture(scope="module")
def ramdisk() -> tuple[Path, Path]:
    return built_ramdisk()


@dataclass
class Scene:
    """A running machine, its disk, and who it talks to."""

    process: subprocess.Popen[bytes]
    peer: DaemonPeer
    disk: Path
    image: Image

    def discovered(self) -> HardwareReport:
        heard = self.peer.wait_for("/agent/report", DISCOVERY_SECONDS)
        return REPORTS.validate_python(heard.body)

    def order(self, report: HardwareReport, must_be_blank: bool) -> Install:
        base = f"{HOST}:{self.peer.port}"
        return Install(
            order="o1",
            disk=report.disks[0],
            must_be_blank=must_be_blank,
            image_url=f"{base}/image",
            image_sha256=hashlib.sha256(self.image.served).hexdigest(),
            image_size=len(self.image.served),
            ignition_url=f"{base}/ignition",
            ignition_sha256=hashlib.sha256(IGNITION).hexdigest(),
            report_url=f"{base}/first-boot/t",
            report_token="t",
            arguments="quiet",
        )

    def ends(self) -> int:
        """The machine was told to reboot, and does: QEMU ends then."""
        self.peer.give(Reboot("its own disk is next"))
        return self.process.wait(INSTALL_SECONDS)


@contextmanager
def scene(
    folder: Path,
    ramdisk: tuple[Path, Path],
    image: Image,
    disk: Path,
    rtc: str = "utc",
    boot_mac: str = MAC,
) -> Generator[Scene]:
    peer = DaemonPeer({"/image": image.served, "/ignition": IGNITION}, break_after=MIB // 2)
    with serving(peer):
        words = [f"harmony.url={HOST}:{peer.port}", f"harmony.token={TOKEN}"]
        words.append(f"BOOTIF=01-{boot_mac.replace(':', '-')}")
        machine = EmulatedMachine(*ramdisk, " ".join(words), [disk], folder / "console", rtc)
        with running(machine) as process:
            yield Scene(process, peer, disk, image)


def assert_installed(disk: Path, image: Image) -> None:
    content = disk.read_bytes()
    assert content[:BOOT_START] == image.raw[:BOOT_START]
    assert content[ROOT_START:SIZE] == image.raw[ROOT_START:]
    assert content[-MIB:] == bytes(MIB)
    assert read_boot_file(disk, "ignition/config.ign") == IGNITION
    first_boot = read_boot_file(disk, "ignition.firstboot")
    assert first_boot == b'set ignition_args="rd.neednet=1 ip=dhcp"\n'
    assert read_boot_file(disk, "node-args.cfg") == b'set node_args="quiet"\n'
    assert b"/first-boot/t" in read_boot_file(disk, "harmony/report.json")


def test_a_machine_is_discovered_installed_and_restarts(
    tmp_path: Path, ramdisk: tuple[Path, Path], image: Image
) -> None:
    """Its disk is full of old data, its clock a year slow, and the download breaks once."""
    disk = tmp_path / "disk"
    disk.write_bytes(random.Random(11).randbytes(MIB) * (DISK_SIZE // MIB))
    old = disk.read_bytes()
    with scene(tmp_path, ramdisk, image, disk, rtc="2020-02-03T04:05:06") as it:
        report = it.discovered()
        assert replace(report, cpu_model="", disks=(), clock_offset=0.0) == HardwareReport(
            boot_mac=MAC,
            system_uuid=UUID,
            serial=SERIAL,
            vendor="Harmony",
            product="Test",
            firmware="bios",
            cpus=1,
            cpu_model="",
            memory=1 << 30,
            nics=(
                NicReport("eth0", SECOND_MAC, "e1000", True, 1000),
                NicReport("eth1", MAC, "virtio_net", True, None),
            ),
            disks=(),
        )
        assert [(d.name, d.size, d.serial) for d in report.disks] == [("vda", DISK_SIZE, "DISK-0")]
        assert report.disks[0].content == ("unrecognised data",)
        it.peer.give(it.order(report, must_be_blank=False))
        it.peer.wait_for("/agent/written", INSTALL_SECONDS)
        paths = [heard.path for heard in it.peer.heard]
        assert paths.index("/agent/begun") < paths.index("/agent/progress")
        assert it.ends() == 0
    assert_installed(disk, image)
    assert disk.read_bytes()[SIZE:-MIB] == old[SIZE:-MIB]
    corrected = [heard.body for heard in it.peer.heard if heard.path == "/agent/report"][1]
    assert corrected["clock_offset"] < -YEAR
    assert not (tmp_path / "console").read_text(errors="replace").count("the agent ended")


def test_a_disk_that_got_data_meanwhile_is_refused_and_untouched(
    tmp_path: Path, ramdisk: tuple[Path, Path], image: Image
) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(DISK_SIZE))
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", str(disk)], check=True)
    before = hashlib.sha256(disk.read_bytes()).hexdigest()
    with scene(tmp_path, ramdisk, image, disk) as it:
        report = it.discovered()
        assert report.disks[0].content == ("ext2/3/4 file system",)
        it.peer.give(it.order(report, must_be_blank=True))
        failed = it.peer.wait_for("/agent/failed", INSTALL_SECONDS).body
        assert "is not blank" in failed["reason"]
        assert failed["evidence"][0] == "it holds ext2/3/4 file system"
        assert it.ends() == 0
    assert hashlib.sha256(disk.read_bytes()).hexdigest() == before


def test_a_boot_card_without_driver_is_waited_for_in_words(
    tmp_path: Path, ramdisk: tuple[Path, Path], image: Image
) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(DISK_SIZE))
    (tmp_path / "console").touch()
    with scene(tmp_path, ramdisk, image, disk, boot_mac="52:54:00:07:00:99") as it:
        words = "the card it booted from (52:54:00:07:00:99) is not there yet"
        deadline = time.monotonic() + DISCOVERY_SECONDS
        while words not in (tmp_path / "console").read_text(errors="replace"):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert not it.peer.heard
