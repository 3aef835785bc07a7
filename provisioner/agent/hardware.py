"""The whole machine as one report, out of /sys, /proc and the disks themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from provisioner.agent.block_devices import read_disks
from provisioner.agent.messages import HardwareReport
from provisioner.agent.network_cards import read_network_cards
from provisioner.agent.sysfs import read_text

NIL_UUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel's file systems are mounted."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    dev: Path = Path("/dev")


def read_hardware(boot_mac: str, roots: Roots) -> HardwareReport:
    """Reads everything. Of each disk only its ends and some samples; of one that spins that takes a
    second."""
    dmi = roots.sys / "class" / "dmi" / "id"
    processors = _processors(read_text(roots.proc / "cpuinfo"))
    return HardwareReport(
        boot_mac=boot_mac,
        system_uuid=_uuid(read_text(dmi / "product_uuid")),
        serial=read_text(dmi / "product_serial"),
        vendor=read_text(dmi / "sys_vendor"),
        product=read_text(dmi / "product_name"),
        firmware=_firmware(roots.sys),
        cpus=len(processors),
        cpu_model=processors[0] if processors else "",
        memory=_memory(roots),
        nics=read_network_cards(roots.sys),
        disks=read_disks(roots.sys, roots.dev),
    )


def _uuid(text: str) -> str:
    """Lower case; empty where the firmware has none."""
    return "" if text == NIL_UUID else text.lower()


def _firmware(sys: Path) -> Literal["bios", "uefi"]:
    return "uefi" if (sys / "firmware" / "efi").exists() else "bios"


def _processors(cpuinfo: str) -> list[str]:
    """The model name of every logical processor."""
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    return [value.strip() for key, _, value in lines if key.strip() == "model name"]


def _memory(roots: Roots) -> int:
    """What is plugged in, in bytes: MemTotal is less, as it lacks what the kernel took for itself."""
    blocks = roots.sys / "devices" / "system" / "memory"
    size = read_text(blocks / "block_size_bytes")
    if size:
        return int(size, 16) * len(list(blocks.glob("memory[0-9]*")))
    for line in read_text(roots.proc / "meminfo").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return 0
