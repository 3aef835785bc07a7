from __future__ import annotations

from pathlib import Path

import pytest

from kvm.disk import ensure_disk
from kvm.errors import HypervisorFailed, LabLacksTool
from kvm.machine import DiskFormat, VirtualDisk

pytestmark = pytest.mark.protocol

MIB = 1024**2


def test_made_once_sparse_and_never_touched_again(tmp_path: Path) -> None:
    disk = VirtualDisk(tmp_path / "w1" / "disk-1.raw", 8, "SN", format=DiskFormat.RAW)
    path = Path(disk.path)
    assert ensure_disk(disk) is True
    assert path.stat().st_size == 8 * 1024 * MIB
    assert path.stat().st_blocks * 512 < MIB
    with path.open("r+b") as opened:
        opened.write(b"what the guest wrote")
    assert ensure_disk(disk) is False
    with path.open("rb") as opened:
        assert opened.read(20) == b"what the guest wrote"
    assert [file.name for file in path.parent.iterdir()] == ["disk-1.raw"]


def test_another_disk_in_its_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "disk-1.qcow2"
    assert ensure_disk(VirtualDisk(path, 8, "SN")) is True
    assert ensure_disk(VirtualDisk(path, 8, "OTHER")) is False
    with pytest.raises(HypervisorFailed) as refused:
        ensure_disk(VirtualDisk(path, 9, "SN"))
    assert str(refused.value) == (
        f"{path} is a qcow2 disk of 8589934592 bytes, where a qcow2 disk of 9 GiB is wanted"
    )


def test_one_that_was_killed_on_the_way_leaves_no_half_a_disk(tmp_path: Path) -> None:
    (tmp_path / "disk-1.qcow2.unfinished").write_bytes(b"QFI")
    disk = VirtualDisk(tmp_path / "disk-1.qcow2", 8, "SN")
    assert ensure_disk(disk) is True
    assert ensure_disk(disk) is False
    assert [file.name for file in tmp_path.iterdir()] == ["disk-1.qcow2"]


def test_the_words_of_qemu_img_are_passed_on(tmp_path: Path) -> None:
    with pytest.raises(HypervisorFailed, match=r"^qemu-img: .*size"):
        ensure_disk(VirtualDisk(tmp_path / "disk-1.qcow2", 2**40, "SN"))
    assert not (tmp_path / "disk-1.qcow2").exists()


def test_without_qemu_img(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabLacksTool, match="Debian package qemu-utils"):
        ensure_disk(VirtualDisk(tmp_path / "disk-1.qcow2", 8, "SN"))
