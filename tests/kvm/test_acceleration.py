"""What a probe machine's end means; the emulators here are scripts that end as QEMU does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kvm.acceleration import Acceleration, guest_silence, probe_acceleration
from kvm.errors import LabLacksTool
from kvm.machine import Hypervisor, Virtualization
from kvm.probe_sector import SAID_STATUS


@pytest.fixture
def device(tmp_path: Path) -> Path:
    device = tmp_path / "kvm"
    device.touch()
    return device


def emulator(folder: Path, *lines: str) -> Hypervisor:
    program = folder / "qemu"
    program.write_text("\n".join(("#!/bin/sh", *lines, "")))
    program.chmod(0o755)
    return Hypervisor(emulator=program)


@pytest.mark.protocol
def test_a_guest_that_spoke_is_the_only_proof(tmp_path: Path, device: Path) -> None:
    spoke = emulator(tmp_path, f'echo "$@" >> {tmp_path}/arguments', f"exit {SAID_STATUS}")
    assert probe_acceleration(spoke, device) == Acceleration(
        Virtualization.KVM, "a probe machine has run with KVM"
    )
    arguments = (tmp_path / "arguments").read_text()
    emulated, accelerated = arguments.splitlines()
    assert "-accel tcg -cpu max" in emulated
    assert "-accel kvm -cpu host" in accelerated
    assert "isa-debug-exit,iobase=0xf4,iosize=1" in arguments


@pytest.mark.protocol
@pytest.mark.parametrize(
    "lines, words",
    [
        (("exit 0",), "QEMU ended with status 0"),
        (
            ("echo 'qemu: warning: no svm' >&2", "echo 'KVM: entry failed' >&2", "exit 1"),
            "KVM: entry failed",
        ),
        (("kill -ABRT $$",), "QEMU ended with status -6"),
    ],
)
def test_any_other_end_means_emulation(
    tmp_path: Path, device: Path, lines: tuple[str, ...], words: str
) -> None:
    assert probe_acceleration(emulator(tmp_path, *lines), device) == Acceleration(
        Virtualization.EMULATION, f"a probe machine did not run with KVM: {words}"
    )


@pytest.mark.protocol
def test_a_guest_that_hangs_is_given_up_measured_by_an_emulated_one(
    tmp_path: Path, device: Path
) -> None:
    hangs = emulator(tmp_path, 'case "$*" in *"accel kvm"*) exec sleep 1000 ;; esac')
    found = probe_acceleration(hangs, device)
    assert found.virtualization is Virtualization.EMULATION
    assert "it said nothing within" in found.reason


@pytest.mark.protocol
def test_without_a_device_nothing_is_started(tmp_path: Path) -> None:
    nothing = Hypervisor(emulator=tmp_path / "absent")
    assert probe_acceleration(nothing, tmp_path / "kvm") == Acceleration(
        Virtualization.EMULATION, f"there is no {tmp_path}/kvm"
    )
    (tmp_path / "kvm").mkdir()
    assert probe_acceleration(nothing, tmp_path / "kvm") == Acceleration(
        Virtualization.EMULATION, f"{tmp_path}/kvm can't be opened: Is a directory"
    )


@pytest.mark.protocol
def test_without_qemu(tmp_path: Path, device: Path) -> None:
    with pytest.raises(LabLacksTool, match="Debian package qemu-system-x86"):
        probe_acceleration(Hypervisor(emulator=tmp_path / "absent"), device)


@pytest.mark.boot
def test_the_probe_speaks_under_emulation() -> None:
    assert guest_silence(Hypervisor(), Virtualization.EMULATION) is None
