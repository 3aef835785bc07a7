"""A machine as the daemon knows it: what was observed of it and what was ordered for it."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.contribution import Artifact
from inventory.machine_state import MachineState
from provisioner.agent.messages import DiskReport, HardwareReport


@dataclass(frozen=True, slots=True)
class InstallOrder:
    """One order to install, committed before it is sent and never changed after.

    `token` is what the machine shows to fetch its Ignition config and what its installed system
    reports with; `at` in epoch seconds. `ignition_sha256` is of the config's bytes as served.
    """

    id: str
    mac: str
    host: str
    disk: DiskReport
    must_be_blank: bool
    image: Artifact
    ignition_sha256: str
    token: str
    arguments: str
    at: float


@dataclass(frozen=True, slots=True)
class Machine:
    """`mac` is the one it was first heard with; `since` is when it entered `state` (epoch seconds).

    `token` is what its agent shows. `order` is the last one given, also after it was carried out.
    `own_disk` is the one that an order has begun to write: the proof that the data on it is our own.
    `reason` is of `failed`.
    """

    mac: str
    state: MachineState
    since: float
    token: str
    host: str | None = None
    report: HardwareReport | None = None
    order: InstallOrder | None = None
    own_disk: DiskReport | None = None
    reason: str = ""

    @property
    def macs(self) -> tuple[str, ...]:
        """Every MAC address that is this machine's, the one it is known by first."""
        reported = () if self.report is None else tuple(nic.mac for nic in self.report.nics)
        return (self.mac, *(mac for mac in reported if mac != self.mac))
