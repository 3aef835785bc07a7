"""Against libvirt itself, with the driver it brings for tests: no daemon, no QEMU, in memory.

That driver knows no UEFI variables, so that forgetting a machine is in `lab/test_lab.py`.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from uuid import UUID

import pytest

from kvm.errors import HypervisorFailed
from kvm.host import Definition, LibvirtHost, ObservedMachine, RunState
from kvm.machine import Hypervisor
from tests.kvm.machines import BIOS_MACHINE

pytestmark = pytest.mark.unit

LIBVIRTS_OWN = "test"
"""The driver starts with one machine of its own, which runs."""


@pytest.fixture
def host() -> Generator[LibvirtHost]:
    host = LibvirtHost(Hypervisor(), "test:///default")
    try:
        yield host
    finally:
        host.close()


def ours(host: LibvirtHost) -> tuple[ObservedMachine, ...]:
    return tuple(machine for machine in host.observe() if machine.name != LIBVIRTS_OWN)


def test_defining_twice_changes_nothing(host: LibvirtHost) -> None:
    assert host.define(BIOS_MACHINE) is Definition.CREATED
    assert host.define(BIOS_MACHINE) is Definition.UNCHANGED
    assert host.define(replace(BIOS_MACHINE, cpus=2)) is Definition.CHANGED
    assert host.define(replace(BIOS_MACHINE, cpus=2)) is Definition.UNCHANGED
    macs = tuple(nic.mac for nic in BIOS_MACHINE.nics)
    assert ours(host) == (ObservedMachine("w1", BIOS_MACHINE.uuid, RunState.OFF, macs),)


def test_the_power_button(host: LibvirtHost) -> None:
    assert host.is_running("w1") is None
    host.define(BIOS_MACHINE)
    assert host.is_running("w1") is False
    assert (host.start("w1"), host.start("w1")) == (True, False)
    assert host.is_running("w1") is True
    assert [machine.run_state for machine in ours(host)] == [RunState.RUNNING]
    assert (host.stop("w1"), host.stop("w1")) == (True, False)
    assert [machine.run_state for machine in ours(host)] == [RunState.OFF]


def test_a_running_machine_takes_a_change_and_goes_on(host: LibvirtHost) -> None:
    host.define(BIOS_MACHINE)
    host.start("w1")
    assert host.define(replace(BIOS_MACHINE, cpus=2)) is Definition.CHANGED
    assert host.is_running("w1") is True
    assert host.define(replace(BIOS_MACHINE, cpus=2)) is Definition.UNCHANGED


def test_a_running_machine_of_the_name_with_another_uuid_is_left_alone(host: LibvirtHost) -> None:
    host.define(BIOS_MACHINE)
    host.start("w1")
    before = ours(host)
    with pytest.raises(HypervisorFailed, match=r"^cannot define w1: it runs, with another UUID"):
        host.define(replace(BIOS_MACHINE, uuid=UUID(int=0x99)))
    assert ours(host) == before
    assert host.define(BIOS_MACHINE) is Definition.UNCHANGED


def test_what_is_not_there_needs_no_undefining(host: LibvirtHost) -> None:
    assert host.undefine("w1") is False
    assert host.stop("w1") is False


def test_refusals_carry_the_attempt_and_the_words_of_libvirt(host: LibvirtHost) -> None:
    with pytest.raises(HypervisorFailed, match=r"^cannot start w9: Domain not found"):
        host.start("w9")
    host.define(BIOS_MACHINE)
    with pytest.raises(HypervisorFailed, match=r"^cannot define w2: .*already"):
        host.define(replace(BIOS_MACHINE, name="w2"))
    with pytest.raises(HypervisorFailed, match=r"^cannot reset w1: "):
        host.reset("w1")
    with pytest.raises(HypervisorFailed, match=r"^cannot connect to nowhere:///"):
        LibvirtHost(Hypervisor(), "nowhere:///")


def test_versions_are_dotted(host: LibvirtHost) -> None:
    versions = host.versions()
    assert set(versions) == {"libvirt", "qemu"}
    assert all(version.count(".") == 2 for version in versions.values())
