"""Finds out whether KVM works here, by running a machine with it.

`/dev/kvm` can be there, open, and even start a QEMU whose guest then aborts, or runs real mode and
no more. Only a guest that has got through to 64-bit code and said so proves it (`probe_sector.py`).
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from kvm.errors import LabLacksTool
from kvm.machine import Hypervisor, Virtualization
from kvm.probe_sector import EXIT_PORT, SAID_STATUS, probe_disk

SLOWEST = 120.0
"""Seconds within which the emulated probe speaks on any machine; a third of one on an idle one."""

MARGIN = 40.0
"""How many times longer than emulated the probe may take with KVM, with which it is in fact faster:
on a busy machine a KVM that works must not be taken for one that doesn't."""


@dataclass(frozen=True, slots=True)
class Acceleration:
    """What the machines will run with, and why, in words for the person."""

    virtualization: Virtualization
    reason: str


def probe_acceleration(hypervisor: Hypervisor, device: Path = Path("/dev/kvm")) -> Acceleration:
    """KVM if a guest has just run with it, else emulation."""
    if not device.exists():
        return Acceleration(Virtualization.EMULATION, f"there is no {device}")
    try:
        with device.open("r+b", buffering=0):
            pass
    except OSError as refused:
        why = f"{device} can't be opened: {refused.strerror}"
        return Acceleration(Virtualization.EMULATION, why)
    began = time.monotonic()
    guest_silence(hypervisor, Virtualization.EMULATION)
    bound = MARGIN * (time.monotonic() - began)
    silence = guest_silence(hypervisor, Virtualization.KVM, bound)
    if silence is None:
        return Acceleration(Virtualization.KVM, "a probe machine has run with KVM")
    why = f"a probe machine did not run with KVM: {silence}"
    return Acceleration(Virtualization.EMULATION, why)


def guest_silence(
    hypervisor: Hypervisor, virtualization: Virtualization, seconds: float = SLOWEST
) -> str | None:
    """Run the probe machine, with the processor that real ones get: None if it spoke, else why not.

    Raises LabLacksTool without QEMU.
    """
    with tempfile.TemporaryDirectory(prefix="harmony-probe-") as directory:
        disk = Path(directory) / "disk"
        disk.write_bytes(probe_disk())
        try:
            ended = subprocess.run(
                _command(hypervisor, virtualization, disk),
                capture_output=True,
                text=True,
                timeout=seconds,
            )
        except FileNotFoundError as missing:
            raise LabLacksTool(
                f"{hypervisor.emulator} is missing (Debian package qemu-system-x86)"
            ) from missing
        except subprocess.TimeoutExpired:
            return f"it said nothing within {seconds:.0f} s"
    return None if ended.returncode == SAID_STATUS else _last_words(ended)


def _command(hypervisor: Hypervisor, virtualization: Virtualization, disk: Path) -> list[str]:
    accelerated = virtualization is Virtualization.KVM
    return [
        str(hypervisor.emulator),
        *("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"),
        *("-machine", "q35", "-m", "64", "-smp", "2"),
        *(("-accel", "kvm", "-cpu", "host") if accelerated else ("-accel", "tcg", "-cpu", "max")),
        *("-device", f"isa-debug-exit,iobase={EXIT_PORT:#x},iosize=1"),
        *("-drive", f"file={disk},format=raw,if=ide"),
    ]


def _last_words(ended: subprocess.CompletedProcess[str]) -> str:
    words = [line for line in ended.stderr.splitlines() if "warning:" not in line]
    return words[0].strip() if words else f"QEMU ended with status {ended.returncode}"
