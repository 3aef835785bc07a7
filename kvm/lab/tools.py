"""The programs and files a lab needs, each with the Debian package that brings it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kvm.errors import LabLacksTool

_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program by its name, or a file by its path."""

    name: str
    package: str

    def present(self) -> bool:
        if self.name.startswith("/"):
            return Path(self.name).exists()
        return shutil.which(self.name, path=f"{os.environ.get('PATH', '')}:{_SBIN}") is not None


TOOLS = (
    Tool("libvirtd", "libvirt-daemon"),
    Tool(
        "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so",
        "libvirt-daemon-driver-qemu",
    ),
    Tool("/usr/bin/qemu-system-x86_64", "qemu-system-x86"),
    Tool("qemu-img", "qemu-utils"),
    Tool("/usr/share/OVMF/OVMF_CODE_4M.fd", "ovmf"),
    Tool("/usr/share/seabios/bios-256k.bin", "seabios"),
    Tool("/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu"),
    Tool("/dev/net/tun", "(kernel module tun)"),
)


def require_tools() -> None:
    """Raises LabLacksTool with everything that is missing, at once."""
    missing = [tool for tool in TOOLS if not tool.present()]
    if missing:
        listed = ", ".join(f"{tool.name} ({tool.package})" for tool in missing)
        packages = " ".join(sorted({tool.package for tool in missing}))
        raise LabLacksTool(f"missing: {listed}; apt-get install --no-install-recommends {packages}")
