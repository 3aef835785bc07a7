"""A machine that boots the node image from its own disk, for tests of that disk."""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from provisioner.images.disk_layout import BOOT_LABEL, DiskLayout

Firmware = Literal["bios", "uefi"]
OVMF = Path("/usr/share/OVMF")
POLL_SECONDS = 0.1
MEASURE_EVERY_SECONDS = 5.0
REFERENCE_WORK_SECONDS = 0.05  # what `slowness`'s work takes on the machine the bounds were set on
DISK_SIZE = "8G"


class Stuck(AssertionError):
    """The machine did not do what it was waited for; its console's end says what it did."""


def slowness() -> float:
    """How many times slower than the reference this machine is now, what else it does included."""
    started = time.monotonic()
    digest = b""
    for _ in range(100_000):
        digest = hashlib.sha256(digest).digest()
    return max(1.0, (time.monotonic() - started) / REFERENCE_WORK_SECONDS)


class Patience:
    """Seconds of the reference machine to wait; on a busy one they pass more slowly."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._measured = time.monotonic()

    @property
    def exhausted(self) -> bool:
        """Whether the machine had all the time it needs; looked at again and again."""
        passed = time.monotonic() - self._measured
        if passed >= MEASURE_EVERY_SECONDS:
            self._left -= passed / slowness()
            self._measured = time.monotonic()
        return self._left <= 0


def expand_image(served: Path, raw: Path) -> None:
    """The raw disk out of the served chunks, by the zstd program and not by our own reader."""
    with served.open("rb") as file:
        _, length = struct.unpack("<II", file.read(8))
        chunk_map = json.loads(file.read(length))
    with (
        subprocess.Popen(["zstd", "-dcq", served], stdout=subprocess.PIPE) as zstd,
        raw.open("wb") as disk,
    ):
        assert zstd.stdout is not None
        for index, _ in chunk_map["chunks"]:
            disk.seek(index * chunk_map["chunk"])
            disk.write(zstd.stdout.read(chunk_map["chunk"]))
        disk.truncate(chunk_map["size"])
    assert zstd.returncode == 0


def put_on_boot_partition(raw: Path, files: Mapping[str, str], folder: Path) -> None:
    """Place files on the image's FAT partition as the installer does; it is found by its label."""
    disk = f"{raw}{DiskLayout(boot=0, root=0).boot_in_mtools}"
    label = subprocess.check_output(["mlabel", "-s", "-i", disk, "::"], text=True)
    assert BOOT_LABEL in label
    for name, text in files.items():
        (folder / "placed").write_text(text)
        subprocess.check_call(["mcopy", "-o", "-i", disk, folder / "placed", f"::/{name}"])


@dataclass(frozen=True, slots=True)
class NodeMachine:
    """`base` is the raw image, never written; `seconds` (of the reference machine) bound one boot;
    `beside` are more disks, raw and read-only."""

    base: Path
    folder: Path
    name: str
    firmware: Firmware
    seconds: float
    beside: tuple[Path, ...] = ()

    def insert_disk(self) -> None:
        """A disk of its own over the base image, as it would be after an installation."""
        self.folder.mkdir(parents=True)
        kind = ("-f", "qcow2", "-F", "raw", "-b", self.base)
        subprocess.check_call(["qemu-img", "create", "-q", *kind, self.disk, DISK_SIZE])
        if self.firmware == "uefi":
            self.variables.write_bytes((OVMF / "OVMF_VARS.fd").read_bytes())

    @property
    def disk(self) -> Path:
        return self.folder / "disk.qcow2"

    @property
    def variables(self) -> Path:
        return self.folder / "variables.fd"

    def boot_until_off(self, boot: str) -> str:
        """Power on, wait until it switched itself off; the console."""
        return self._run(boot, lambda _console: False)

    def boot_and_cut(self, boot: str, at: str) -> str:
        """Power on and pull the plug as soon as `at` is on the console; the console until then."""
        console = self._run(boot, lambda text: at in text)
        if at not in console:
            raise Stuck(f"{self.name} switched itself off before {at!r}: {console[-2000:]}")
        return console

    def _run(self, boot: str, cut: Callable[[str], bool]) -> str:
        path = self.folder / f"{boot}.console"
        patience = Patience(self.seconds)
        with subprocess.Popen(self._command(path), stdin=subprocess.DEVNULL) as machine:
            try:
                while machine.poll() is None and not cut(_text(path)):
                    if patience.exhausted:
                        end = _text(path)[-3000:]
                        raise Stuck(f"{self.name} {boot}: not off in time:\n{end}")
                    time.sleep(POLL_SECONDS)
            finally:
                machine.kill()
        return _text(path)

    def _command(self, console: Path) -> list[str]:
        words = [
            *("qemu-system-x86_64", "-accel", "tcg", "-machine", "q35", "-cpu", "max", "-smp", "1"),
            *("-m", "1024", "-nographic", "-nodefaults", "-monitor", "none", "-no-reboot"),
            *("-serial", f"file:{console}", "-nic", "user,restrict=on,model=virtio"),
            *("-drive", f"if=virtio,format=qcow2,file={self.disk}"),
        ]
        for disk in self.beside:
            words += ["-drive", f"if=virtio,format=raw,readonly=on,file={disk}"]
        if self.firmware == "uefi":
            code = f"if=pflash,format=raw,readonly=on,file={OVMF / 'OVMF_CODE.fd'}"
            words += ["-drive", code, "-drive", f"if=pflash,format=raw,file={self.variables}"]
        return words


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
