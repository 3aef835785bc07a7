"""A host of virtual machines, through libvirt. The only file that imports libvirt.

Everything here blocks; an asynchronous caller puts it into a thread. Every change is idempotent and
answers whether it changed anything. Machines are called by their name.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import libvirt

from kvm.domain_xml import definition_digest, domain_xml
from kvm.errors import HypervisorFailed
from kvm.machine import Hypervisor, VirtualMachine

SYSTEM = "qemu:///system"
"""The libvirtd of this mount namespace; in a lab that is the lab's own."""


class Definition(StrEnum):
    """What defining a machine did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class RunState(StrEnum):
    """Whether a machine runs; CRASHED is "off, and not because anyone wanted it"."""

    RUNNING = "running"
    PAUSED = "paused"
    OFF = "off"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class ObservedMachine:
    """A defined machine as libvirt sees it; `macs` in the order of its cards."""

    name: str
    uuid: UUID
    run_state: RunState
    macs: tuple[str, ...]


class LibvirtHost:
    """A connection to one libvirtd. Raises HypervisorFailed with libvirt's own words."""

    def __init__(self, hypervisor: Hypervisor, uri: str = SYSTEM) -> None:
        libvirt.registerErrorHandler(_say_nothing, None)
        self._hypervisor = hypervisor
        with _mapped(f"connect to {uri}"):
            self._connection = libvirt.open(uri)

    def close(self) -> None:
        with _mapped("close the connection"):
            self._connection.close()

    def versions(self) -> dict[str, str]:
        """The versions of `libvirt` and `qemu`."""
        with _mapped("ask for versions"):
            return {
                "libvirt": _dotted(self._connection.getLibVersion()),
                "qemu": _dotted(self._connection.getVersion()),
            }

    def define(self, machine: VirtualMachine) -> Definition:
        """Make the definition say `machine`; one that runs takes a change at its next start."""
        wanted = domain_xml(machine, self._hypervisor)
        with _mapped(f"define {machine.name}"):
            known = self._find(machine.name)
            if known is None:
                self._connection.defineXML(wanted)
                return Definition.CREATED
            present = definition_digest(known.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
            if present == definition_digest(wanted):
                return Definition.UNCHANGED
            if UUID(known.UUIDString()) != machine.uuid:
                # libvirt knows a machine by its UUID and refuses a second one of the same name.
                if known.isActive():
                    raise HypervisorFailed(
                        f"cannot define {machine.name}: it runs, with another UUID; stop it first"
                    )
                known.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
            self._connection.defineXML(wanted)
            return Definition.CHANGED

    def undefine(self, name: str) -> bool:
        """Stop the machine and forget it with its UEFI variables; its disks are left."""
        self.stop(name)
        with _mapped(f"undefine {name}"):
            known = self._find(name)
            if known is None:
                return False
            known.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
            return True

    def start(self, name: str) -> bool:
        """Press the power button of a machine that is off."""
        with _mapped(f"start {name}"):
            known = self._connection.lookupByName(name)
            if known.isActive():
                return False
            known.create()
            return True

    def stop(self, name: str) -> bool:
        """Pull the plug; the guest is not asked."""
        with _mapped(f"stop {name}"):
            known = self._find(name)
            if known is None or not known.isActive():
                return False
            try:
                known.destroy()
            except libvirt.libvirtError as refusal:
                # It went off by itself between the question and the plug.
                if refusal.get_error_code() != libvirt.VIR_ERR_OPERATION_INVALID:
                    raise
                return False
            return True

    def is_running(self, name: str) -> bool | None:
        """None where no such machine is defined."""
        with _mapped(f"look at {name}"):
            known = self._find(name)
            return None if known is None else bool(known.isActive())

    def reset(self, name: str) -> None:
        """Press the reset button of a running machine."""
        with _mapped(f"reset {name}"):
            self._connection.lookupByName(name).reset()

    def observe(self) -> tuple[ObservedMachine, ...]:
        """All machines, by name."""
        with _mapped("list machines"):
            found = [_observed(domain) for domain in self._connection.listAllDomains()]
        return tuple(sorted(found, key=lambda machine: machine.name))

    def _find(self, name: str) -> libvirt.virDomain | None:
        try:
            return self._connection.lookupByName(name)
        except libvirt.libvirtError as refusal:
            if refusal.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                return None
            raise


@contextmanager
def _mapped(attempt: str) -> Generator[None]:
    try:
        yield
    except libvirt.libvirtError as refusal:
        raise HypervisorFailed(f"cannot {attempt}: {refusal.get_error_message()}") from refusal


def _observed(domain: libvirt.virDomain) -> ObservedMachine:
    definition = ET.fromstring(domain.XMLDesc(0))
    macs = (mac.get("address", "") for mac in definition.iterfind("devices/interface/mac"))
    return ObservedMachine(
        name=domain.name(),
        uuid=UUID(domain.UUIDString()),
        run_state=_run_state(domain.state()),
        macs=tuple(macs),
    )


def _run_state(state_and_reason: list[int]) -> RunState:
    state, reason = state_and_reason
    if state in (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_SHUTDOWN):
        return RunState.RUNNING
    if state == libvirt.VIR_DOMAIN_CRASHED:
        return RunState.CRASHED
    if state != libvirt.VIR_DOMAIN_SHUTOFF:
        return RunState.PAUSED
    unwanted = (libvirt.VIR_DOMAIN_SHUTOFF_CRASHED, libvirt.VIR_DOMAIN_SHUTOFF_FAILED)
    return RunState.CRASHED if reason in unwanted else RunState.OFF


def _dotted(number: int) -> str:
    """libvirt writes 9.0.1 as 9000001."""
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"


def _say_nothing(_context: object, _error: object) -> None:
    """libvirt prints every error on stderr, although it also raises it."""
