"""A QEMU machine that is started with kernel and initrd, for tests of what runs in the ramdisk."""

from __future__ import annotations

import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MAC = "52:54:00:07:00:11"
SECOND_MAC = "52:54:00:07:00:12"
UUID = "5f2d2b6e-7a55-4e0c-9d3e-1f1d5c6b7a80"
SERIAL = "HARMONY-1"


@dataclass(frozen=True, slots=True)
class EmulatedMachine:
    """`disks` are raw images, in order; the console goes to `console`."""

    kernel: Path
    initrd: Path
    arguments: str
    disks: Sequence[Path]
    console: Path
    rtc: str = "utc"
    processors: int = 1

    def command(self) -> list[str]:
        words = [
            *("qemu-system-x86_64", "-accel", "tcg", "-machine", "q35", "-cpu", "max"),
            *("-m", "1024", "-smp", str(self.processors), "-nographic", "-nodefaults"),
            *("-serial", f"file:{self.console}", "-monitor", "none", "-no-reboot"),
            *(
                "-uuid",
                UUID,
                "-smbios",
                f"type=1,manufacturer=Harmony,product=Test,serial={SERIAL}",
            ),
            *("-rtc", f"base={self.rtc}", "-nic", f"user,model=virtio-net-pci,mac={MAC}"),
            *("-device", f"e1000,netdev=second,mac={SECOND_MAC}"),
            *("-netdev", "user,id=second,restrict=on"),
            *("-kernel", str(self.kernel), "-initrd", str(self.initrd)),
            *("-append", f"console=tty0 console=ttyS0,115200 {self.arguments}"),
        ]
        for number, disk in enumerate(self.disks):
            words += ["-drive", f"file={disk},format=raw,if=none,id=d{number},cache=unsafe"]
            words += ["-device", f"virtio-blk-pci,drive=d{number},serial=DISK-{number}"]
        return words


@contextmanager
def running(machine: EmulatedMachine) -> Generator[subprocess.Popen[bytes]]:
    """The machine's process, killed at the end if it still runs."""
    with subprocess.Popen(machine.command(), stdin=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()
