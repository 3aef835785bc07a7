"""Makes a rehearsal's report out of what was seen: phases, ends, and how real each part was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from inventory.contribution import Artifact
from inventory.host import OperatorAtTheRack
from inventory.site import Site
from kvm.acceleration import Acceleration
from kvm.machine import Virtualization
from provisioner.cli.goal import DONE
from provisioner.cli.phases import phases_of
from provisioner.cli.report import HostReport, Part, Reality, Report, ScoreReport


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run has left behind. `began` and `ended` in epoch seconds; `views` and `events` are
    the daemon's; `versions` are of packages in the images, `installed` of those in the lab."""

    site: Site
    declaration: str
    began: float
    ended: float
    until: str
    hosts: tuple[str, ...]
    views: Mapping[str, Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    scores: tuple[ScoreReport, ...]
    acceleration: Acceleration
    versions: Mapping[str, str]
    installed: Mapping[str, str]
    artifacts: tuple[Artifact, ...]


def report_of(evidence: Evidence, failure: str) -> Report:
    """The report; it has passed if there is no `failure`."""
    return Report(
        site=evidence.site.name,
        declaration=evidence.declaration,
        product=version("harmony-provisioner"),
        began=evidence.began,
        seconds=evidence.ended - evidence.began,
        passed=not failure,
        until=evidence.until,
        acceleration=evidence.acceleration.reason,
        hosts=tuple(_host(name, evidence) for name in evidence.hosts),
        scores=evidence.scores,
        parts=_parts(evidence),
        not_rehearsed=_not_rehearsed(evidence),
        failure=failure,
    )


def _host(name: str, evidence: Evidence) -> HostReport:
    view = evidence.views.get(name, {})
    phases = phases_of(name, evidence.events)
    return HostReport(name, view.get("state") or "unseen", phases, view.get("reason") or "")


def _parts(evidence: Evidence) -> tuple[Part, ...]:
    emulated = evidence.acceleration.virtualization is Virtualization.EMULATION
    machines = Reality.EMULATED if emulated else Reality.REAL
    installed = evidence.installed
    return (
        Part("DHCP, TFTP, HTTP, DNS: the daemon", Reality.REAL, version("harmony-provisioner")),
        Part("machines", machines, f"QEMU {installed.get('qemu-system-x86', '?')}"),
        Part("firmware BIOS", Reality.REAL, f"SeaBIOS {installed.get('seabios', '?')}"),
        Part("firmware UEFI", Reality.REAL, f"OVMF {installed.get('ovmf', '?')}"),
        Part("network boot program", Reality.REAL, f"iPXE {evidence.versions.get('ipxe', '?')}"),
        Part("power control", Reality.STAND_IN, "libvirt, for the declared way to power on"),
        Part("switch", Reality.STAND_IN, "a Linux bridge for each network"),
        *(Part(name, Reality.REAL, found) for name, found in _in_images(evidence.versions)),
        *(Part(one.name, Reality.REAL, "", one.sha256) for one in evidence.artifacts),
    )


_TOLD = ("kubernetes", "containerd", "runc", "etcd-server", "ignition", "systemd")


def _in_images(versions: Mapping[str, str]) -> list[tuple[str, str]]:
    kernels = [name for name in versions if name.startswith("linux-image")]
    return [(name, versions[name]) for name in (*_TOLD, *kernels) if name in versions]


def _not_rehearsed(evidence: Evidence) -> tuple[str, ...]:
    """What the site has and the lab had not."""
    site = evidence.site
    left = [host.name for host in site.hosts if host.name not in evidence.hosts]
    powered = [host for host in site.hosts if not isinstance(host.bmc, OperatorAtTheRack)]
    told = [f"{type(host.bmc).__name__} of {host.name}" for host in powered]
    told += [f"host {name}" for name in left]
    told += [f"switch {switch.name}" for switch in site.switches]
    if evidence.until != DONE:
        told.append(f"everything after {evidence.until}")
    return tuple(told)
