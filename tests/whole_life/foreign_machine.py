"""A machine that this project did not make: one plain command line of QEMU, plugged into a segment."""

from __future__ import annotations

import random
import shutil
import subprocess
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from tests.namespaces import Segment

OVMF_CODE = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
OVMF_VARS = Path("/usr/share/OVMF/OVMF_VARS_4M.fd")


def _mac() -> str:
    tail = ":".join(f"{random.randrange(256):02x}" for _ in range(3))
    return f"52:54:00:{tail}"


@dataclass(frozen=True, slots=True)
class ForeignMachine:
    """Its identity is drawn by lot. It tries the network first, then its disk, at every start."""

    name: str
    folder: Path
    uefi: bool
    processors: int
    memory_mib: int
    clock: str = "utc"
    mac: str = field(default_factory=_mac)
    system_uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    serial: str = field(default_factory=lambda: f"SN{random.randrange(10**8):08d}")

    @property
    def disk(self) -> Path:
        return self.folder / f"{self.name}.raw"

    @property
    def console(self) -> Path:
        return self.folder / f"{self.name}.console"

    def power_on(self, segment: Segment) -> subprocess.Popen[str]:
        """Plugs it in and presses the button; it ends with the segment."""
        with self.disk.open("ab") as disk:
            disk.truncate(12 << 30)
        return segment.hub.start(*self._command(segment.tap()), output=subprocess.DEVNULL)

    def _command(self, tap: str) -> tuple[str, ...]:
        return (
            *("qemu-system-x86_64", "-nodefaults", "-display", "none", "-machine", "q35"),
            *("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", str(self.processors)),
            *("-m", str(self.memory_mib), "-uuid", self.system_uuid),
            *("-smbios", f"type=1,manufacturer=Acme,product=Box,serial={self.serial}"),
            *("-rtc", f"base={self.clock}", "-serial", f"file:{self.console}"),
            *self._firmware(),
            *("-netdev", f"tap,id=lan,ifname={tap},script=no,downscript=no"),
            *("-device", f"virtio-net-pci,netdev=lan,mac={self.mac},bootindex=1"),
            *("-drive", f"file={self.disk},format=raw,if=none,id=disk,cache=unsafe,discard=unmap"),
            *("-device", f"virtio-blk-pci,drive=disk,serial={self.serial}-D,bootindex=2"),
            *("-device", "virtio-rng-pci"),
        )

    def _firmware(self) -> tuple[str, ...]:
        if not self.uefi:
            return ()
        variables = self.folder / f"{self.name}.vars"
        if not variables.exists():
            shutil.copy(OVMF_VARS, variables)
        return (
            *("-drive", f"if=pflash,format=raw,readonly=on,file={OVMF_CODE}"),
            *("-drive", f"if=pflash,format=raw,file={variables}"),
        )
