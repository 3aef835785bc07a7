"""The lab as one context: switches, libvirtd and a site's machines, inside `enter`'s namespaces."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from inventory.errors import ProvisionerBug
from inventory.site import Site
from kvm.acceleration import Acceleration, probe_acceleration
from kvm.disk import ensure_disk
from kvm.errors import LabDidNotStart
from kvm.host import Definition, LibvirtHost
from kvm.lab.enter import LAB_MEMORY, LAB_PID
from kvm.lab.libvirt_daemon import LibvirtDaemon
from kvm.lab.limits import Limits, Role
from kvm.lab.site_machines import site_machines
from kvm.lab.switch import Switches
from kvm.lab.tools import require_tools
from kvm.machine import BootFirst, Hypervisor, VirtualMachine


@dataclass(frozen=True, slots=True)
class Lab:
    """A running lab. Its methods block. `machines` are in the site's order, not yet defined."""

    host: LibvirtHost
    machines: tuple[VirtualMachine, ...]
    acceleration: Acceleration
    directory: Path

    def machine(self, name: str) -> VirtualMachine:
        """The machine that stands for the host `name`; ProvisionerBug if there is none."""
        for machine in self.machines:
            if machine.name == name:
                return machine
        raise ProvisionerBug(f"no host {name} in this lab")

    def define(self, name: str) -> Definition:
        """Make the machine's disks and define it, off; again is UNCHANGED."""
        machine = self.machine(name)
        for disk in machine.disks:
            ensure_disk(disk)
        return self.host.define(machine)

    def start(self, name: str) -> bool:
        """Define the machine if need be and switch it on; False if it was on."""
        self.define(name)
        return self.host.start(name)

    def stop(self, name: str) -> bool:
        """Pull the plug; False if it was off."""
        return self.host.stop(name)

    def is_running(self, name: str) -> bool | None:
        """None where it isn't defined yet."""
        return self.host.is_running(name)

    def console(self, name: str) -> Path:
        """The log of the machine's serial console; it grows over restarts."""
        return Path(self.machine(name).console)

    @staticmethod
    def how_to_enter() -> str:
        """The command line, for a shell outside, that opens one in this lab."""
        return f"nsenter --target {os.environ[LAB_PID]} --mount --net --pid"


@contextmanager
def lab(
    site: Site,
    directory: Path,
    roles: Mapping[str, Role],
    limits: Limits | None = None,
    acceleration: Acceleration | None = None,
    boot_first: BootFirst = BootFirst.DISK,
) -> Generator[Lab]:
    """Bring the site's switches and a libvirtd up; at the end its machines are off and all is gone.

    To be used inside `enter`. `directory` keeps the machines' disks, consoles and libvirtd's log.
    Without `limits` the lab takes what this machine can give; without `acceleration` it probes.
    Raises LabLacksTool, LabTooSmall, LabDidNotStart, NothingToRehearse.
    """
    if LAB_PID not in os.environ:
        raise LabDidNotStart("a lab is only made inside its own namespaces (kvm.lab.enter)")
    require_tools()
    directory = directory.resolve()
    hypervisor = Hypervisor()
    accelerated = acceleration or probe_acceleration(hypervisor)
    hypervisor = replace(hypervisor, virtualization=accelerated.virtualization)
    granted = limits or Limits.of_machine(
        os.cpu_count() or 1, int(os.environ[LAB_MEMORY]), accelerated.virtualization
    )
    machines = site_machines(site, directory, granted, roles, boot_first)
    for machine in machines:
        Path(machine.console).parent.mkdir(parents=True, exist_ok=True)
    with Switches(site.networks), LibvirtDaemon(directory / "libvirtd.log"):
        host = LibvirtHost(hypervisor)
        try:
            yield Lab(host, machines, accelerated, directory)
        finally:
            for machine in machines:
                host.stop(machine.name)
            host.close()
