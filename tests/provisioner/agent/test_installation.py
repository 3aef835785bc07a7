"""Installing on disks in memory: what is on them after every step, and when something is wrong."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from provisioner.agent.errors import InstallFailed
from provisioner.agent.installation import Installation
from provisioner.agent.messages import UNKNOWN_DATA, DiskReport, Install, Progress, Written
from provisioner.agent.signatures import probe
from provisioner.images.chunked_image import write_chunked_image
from tests.provisioner.agent.recording_disk import InMemory, RecordingDisk
from tests.provisioner.agent.small_image import BOOT_START, MIB, SIZE, write_small_image

pytestmark = pytest.mark.unit

IGNITION = b'{"ignition":{"version":"3.3.0"}}'
DISK_SIZE = SIZE + 8 * MIB


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


@cache
def old_data() -> bytes:
    return random.Random(3).randbytes(DISK_SIZE)


def used_disk() -> RecordingDisk:
    """A disk full of somebody's old data."""
    return RecordingDisk(bytearray(old_data()))


@dataclass
class Case:
    """An order and where it is carried out."""

    order: Install
    around: InMemory
    told: list[Progress]

    def carry_out(self) -> Written:
        return Installation(self.order, self.around, self.told.append).carry_out()

    def refused(self, match: str) -> InstallFailed:
        with pytest.raises(InstallFailed, match=match) as failure:
            self.carry_out()
        return failure.value


def case(image: Image, disk: RecordingDisk) -> Case:
    report = DiskReport("vda", disk.size, serial="S1")
    order = Install(
        order="o1",
        disk=report,
        must_be_blank=False,
        image_url="/image",
        image_sha256=hashlib.sha256(image.served).hexdigest(),
        image_size=len(image.served),
        ignition_url="/ignition",
        ignition_sha256=hashlib.sha256(IGNITION).hexdigest(),
        report_url="http://10.7.0.1/first-boot/t",
        report_token="t",
    )
    files = {"/image": image.served, "/ignition": IGNITION}
    return Case(order, InMemory((report,), disk, files), [])


def test_nothing_of_what_the_disk_held_shines_through(image: Image) -> None:
    disk = used_disk()
    old = bytes(disk.content)
    trial = case(image, disk)
    assert trial.carry_out() == Written("o1", trial.order.disk)
    assert disk.content[:SIZE] == image.raw
    assert disk.content[SIZE:-MIB] == old[SIZE:-MIB]
    assert disk.content[-MIB:] == bytes(MIB)
    assert disk.files == {
        BOOT_START: {
            "ignition/config.ign": IGNITION,
            "ignition.firstboot": b'set ignition_args="rd.neednet=1 ip=dhcp"\n',
            "harmony/report.json": b'{"url": "http://10.7.0.1/first-boot/t", "token": "t"}\n',
        }
    }


def test_the_order_of_things(image: Image) -> None:
    disk = used_disk()
    case(image, disk).carry_out()
    end = f"zero {(DISK_SIZE - MIB) / MIB:g}+1"
    assert disk.steps[:5] == ["begin o1", "zero 0+1", end, "flush", "forget"]
    assert disk.steps[-4:] == ["put files", "write 0+1", "flush", "get files"]
    assert disk.steps[-5] == "flush"
    assert [step for step in disk.steps if step.startswith("write 0+")] == ["write 0+1"]


def test_the_power_may_go_at_any_moment(image: Image) -> None:
    disk = used_disk()
    start = bytes(disk.content)
    case(image, disk).carry_out()
    cut = bytearray(start)
    for number, change in enumerate(disk.changes, start=1):
        cut[change.offset : change.offset + len(change.content)] = change.content
        has_table = bytes(cut[512:520]) == b"EFI PART"
        assert has_table == (number == len(disk.changes))
    assert cut[:SIZE] == image.raw


def test_an_interrupted_installation_leaves_no_label_but_data_and_is_carried_on(
    image: Image,
) -> None:
    first = used_disk()
    case(image, first).carry_out()
    half = used_disk()
    for change in first.changes[: len(first.changes) // 2]:
        half.content[change.offset : change.offset + len(change.content)] = change.content
    assert probe(half.read, half.size) == (UNKNOWN_DATA,)
    case(image, half).carry_out()
    assert half.content[:SIZE] == image.raw


def test_progress_counts_the_bytes_as_served(image: Image) -> None:
    trial = case(image, used_disk())
    trial.carry_out()
    written = [said for said in trial.told if said.phase == "writing the image"]
    assert [said.done for said in written] == sorted(said.done for said in written)
    assert written[-1] == Progress("o1", written[-1].phase, len(image.served), len(image.served))
    phases = list(dict.fromkeys(said.phase for said in trial.told))
    assert phases == ["writing the image", "placing the first boot's files", "reading back"]


def untouched(trial: Case) -> bool:
    return trial.around.disk.changes == []


Spoil = Callable[[Case], None]


def wrong_ignition(trial: Case) -> None:
    trial.order = replace(trial.order, ignition_sha256="00")


def wrong_size(trial: Case) -> None:
    trial.order = replace(trial.order, image_size=7)


def other_disk(trial: Case) -> None:
    trial.around.reports = (DiskReport("vda", DISK_SIZE, serial="S2"),)


def not_blank(trial: Case) -> None:
    trial.order = replace(trial.order, must_be_blank=True)
    trial.around.reports = (replace(trial.order.disk, content=("swap space",)),)


def small_disk(trial: Case) -> None:
    trial.around.disk.content = bytearray(SIZE - MIB)


def no_image(trial: Case) -> None:
    trial.around.files = {**trial.around.files, "/image": b"<html>gone</html>"}


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (wrong_ignition, "Ignition config's sha256 is wrong"),
        (wrong_size, "the order says 7"),
        (other_disk, "is the ordered one"),
        (not_blank, "is not blank"),
        (small_disk, "the image needs"),
        (no_image, "does not begin with its map"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_wrong_before_writing_leaves_the_disk_as_it_was(
    image: Image, spoil: Spoil, match: str
) -> None:
    trial = case(image, used_disk())
    spoil(trial)
    trial.refused(match)
    assert untouched(trial)
    assert "begin o1" not in trial.around.disk.steps


def flip(image: Image, at: int) -> Image:
    served = bytearray(image.served)
    served[at] ^= 1
    return Image(image.raw, bytes(served))


@pytest.mark.parametrize("place", [0.3, 0.6, 0.999])
def test_a_damaged_image_leaves_no_partition_table(image: Image, place: float) -> None:
    right = case(image, used_disk()).order
    trial = case(flip(image, int(len(image.served) * place)), used_disk())
    trial.order = replace(trial.order, image_sha256=right.image_sha256)
    trial.refused("sha256 is wrong|does not hold")
    assert trial.around.disk.content[:MIB] == bytes(MIB)


def test_a_download_that_ends_leaves_no_partition_table(image: Image) -> None:
    trial = case(image, used_disk())
    trial.around.files = {**trial.around.files, "/image": image.served[:-5]}
    trial.refused("ended too early")
    assert trial.around.disk.content[:MIB] == bytes(MIB)


def test_a_disk_that_reads_differently_boots_nothing(image: Image) -> None:
    disk = used_disk()
    disk.wrong_after_write = True
    case(image, disk).refused("reads differently")
    assert disk.content[:MIB] == bytes(MIB)


def test_an_image_without_boot_partition(tmp_path: Path, image: Image) -> None:
    raw = bytearray(image.raw)
    raw[BOOT_START + 0x47 : BOOT_START + 0x52] = b"SOMETHING  "
    (tmp_path / "raw").write_bytes(raw)
    write_chunked_image(tmp_path / "raw", tmp_path / "served")
    other = Image(bytes(raw), (tmp_path / "served").read_bytes())
    trial = case(other, used_disk())
    trial.refused("no boot partition")
    assert trial.around.disk.content[:MIB] == bytes(MIB)
