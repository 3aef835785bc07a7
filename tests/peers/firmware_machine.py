"""A virtual machine that boots from the network and from nothing else, by its own firmware."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from inventory.host import Firmware
from tests.namespaces import Segment

OVMF = Path("/usr/share/OVMF")
_WITHOUT_PXE = (
    *("-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=no"),
    *("-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=no"),
)


@dataclass(frozen=True, slots=True)
class FirmwareMachine:
    """`folder` is its own. With BIOS its card's iPXE boots it; with UEFI OVMF itself does, by PXE or, if it
    is told to leave that out, by HTTP. What it says and hears is in `wire.pcap`, each frame behind the
    card's own 10 bytes."""

    wire: Segment
    folder: Path
    mac: str
    firmware: Firmware
    by_http: bool = False

    def power_on(self) -> subprocess.Popen[str]:
        tap = self.wire.tap()
        return self.wire.hub.start(
            *("qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot"),
            *("-machine", "q35,accel=tcg", "-m", "256"),
            *self._firmware(),
            *("-netdev", f"tap,id=n0,ifname={tap},script=no,downscript=no"),
            *("-device", f"virtio-net-pci,netdev=n0,mac={self.mac},bootindex=1{self._rom()}"),
            *("-serial", f"file:{self.folder / 'console'}"),
            *("-object", f"filter-dump,id=d0,netdev=n0,file={self.folder / 'wire.pcap'}"),
        )

    def _rom(self) -> str:
        return "" if self.firmware is Firmware.BIOS else ",romfile="

    def _firmware(self) -> tuple[str, ...]:
        if self.firmware is Firmware.BIOS:
            return ()
        variables = self.folder / "variables"
        shutil.copy(OVMF / "OVMF_VARS_4M.fd", variables)
        return (
            *("-drive", f"if=pflash,format=raw,readonly=on,file={OVMF / 'OVMF_CODE_4M.fd'}"),
            *("-drive", f"if=pflash,format=raw,file={variables}"),
            *(_WITHOUT_PXE if self.by_http else ()),
        )
