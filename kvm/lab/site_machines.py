"""The virtual machines that stand for a site's hosts: a pure function of the declaration.

What the declaration leaves open (serial numbers, UUIDs, the MACs of a host known only by rule) is
derived from the names of site and host, so that every rehearsal sees the same machines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePath
from uuid import UUID, uuid5

from inventory.host import Disk, DiskBySerial, DiskByWwn, Host, Nic
from inventory.mac import normal_mac
from inventory.network import Dhcp, Network
from inventory.site import Site
from kvm.device_xml import VIRTIO_SERIAL_LENGTH
from kvm.errors import NothingToRehearse
from kvm.lab.limits import Limits, Role
from kvm.lab.shares import Wish, shares
from kvm.machine import BootFirst, DiskBus, VirtualDisk, VirtualMachine, VirtualNic

_SIXTEEN_HEX = re.compile(r"[0-9a-f]{16}")
_UUIDS = UUID("6f0f3c0e-5f0d-5c51-9a5e-7d9a1f0c9b11")


def site_machines(
    site: Site,
    directory: PurePath,
    limits: Limits,
    roles: Mapping[str, Role],
    boot_first: BootFirst = BootFirst.DISK,
) -> tuple[VirtualMachine, ...]:
    """One machine per declared host, in the site's order and by the hosts' names; their files lie
    in `directory`/NAME. A host that `roles` doesn't name is PLAIN.

    Raises LabTooSmall, NothingToRehearse.
    """
    wishes = [_wish(host, roles.get(host.name, Role.PLAIN), limits) for host in site.hosts]
    memory = shares(wishes, limits.memory_mib)
    return tuple(
        VirtualMachine(
            name=host.name,
            uuid=_uuid(site, host),
            serial=host.serial or _derived(site, host, "serial")[:12].upper(),
            firmware=host.match.firmware or host.firmware if host.match else host.firmware,
            cpus=min(_cpus(host) or limits.sizes[wish.role].cpus, limits.cpus),
            memory_mib=memory_mib,
            console=directory / host.name / "console.log",
            nvram=directory / host.name / "nvram.fd",
            nics=_nics(site, host),
            disks=_disks(site, host, directory),
            boot_first=boot_first,
        )
        for host, wish, memory_mib in zip(site.hosts, wishes, memory, strict=True)
    )


def _wish(host: Host, role: Role, limits: Limits) -> Wish:
    rehearsed = host.match.rehearse_as if host.match else None
    if host.match is not None and rehearsed is None and not host.nics:
        raise NothingToRehearse(
            f"host {host.name} is matched only by a rule: say what to rehearse it as,"
            " with MatchRule(rehearse_as=RehearsedMachine(…))"
        )
    size = limits.sizes[role]
    gib = rehearsed.memory_gib if rehearsed else host.memory_gib
    declared = size.memory_mib if gib is None else gib * 1024
    wanted = min(declared, limits.machine_memory_mib)
    return Wish(
        name=host.name,
        role=role,
        wanted_mib=wanted,
        usual_mib=min(wanted, size.memory_mib),
        least_mib=min(wanted, size.least_memory_mib),
    )


def _cpus(host: Host) -> int | None:
    rehearsed = host.match.rehearse_as if host.match else None
    return rehearsed.cpus if rehearsed else host.cpus


def _nics(site: Site, host: Host) -> tuple[VirtualNic, ...]:
    declared = tuple(host.nics)
    rehearsed = host.match.rehearse_as if host.match else None
    wanted = max(len(declared), rehearsed.nics if rehearsed else 1)
    added = (Nic(_derived_mac(site, host, position)) for position in range(len(declared), wanted))
    return tuple(
        VirtualNic(normal_mac(nic.mac), _bridge(site, nic), nic.model)
        for nic in (*declared, *added)
    )


def _bridge(site: Site, nic: Nic) -> str:
    for network in site.networks:
        if nic.network in (None, network.name):
            _require_in_lab(network)
            return network.interface
    raise NothingToRehearse(f"NIC {nic.mac} is on network {nic.network}, which is not declared")


def _require_in_lab(network: Network) -> None:
    """What gives addresses there must be what the lab has: this daemon, on the machine's own segment."""
    if network.is_relayed:
        raise NothingToRehearse(
            f"network {network.name} is behind relays, which a rehearsal doesn't have"
        )
    if network.dhcp is Dhcp.PROXY:
        raise NothingToRehearse(
            f"network {network.name} has its addresses from a DHCP server of the site, which a"
            " rehearsal doesn't have"
        )


def _disks(site: Site, host: Host, directory: PurePath) -> tuple[VirtualDisk, ...]:
    rehearsed = host.match.rehearse_as if host.match else None
    declared = (Disk(size_gib=rehearsed.disk_gib),) if rehearsed else tuple(host.disks)
    serials, wwns = _identities(host, declared)
    return tuple(
        VirtualDisk(
            path=directory / host.name / f"disk-{position + 1}.qcow2",
            size_gib=disk.size_gib,
            serial=serials[position] or _derived(site, host, f"disk {position}")[:16].upper(),
            bus=_bus(serials[position], wwns[position]),
            wwn=wwns[position],
            rotational=disk.rotational,
        )
        for position, disk in enumerate(declared)
    )


def _bus(serial: str | None, wwn: str | None) -> DiskBus:
    """A virtio disk has no World Wide Name, and would cut a long serial number."""
    long = serial is not None and len(serial) > VIRTIO_SERIAL_LENGTH
    return DiskBus.SCSI if long or wwn is not None else DiskBus.VIRTIO


def _identities(host: Host, disks: tuple[Disk, ...]) -> tuple[list[str | None], list[str | None]]:
    """Serials and WWNs of the disks; the one that the host is to be installed on by name is among
    them, also where the list of disks doesn't say so."""
    serials = [disk.serial for disk in disks]
    wwns = [None if disk.wwn is None else _plain_wwn(disk.wwn) for disk in disks]
    target = host.install_on
    if isinstance(target, DiskBySerial) and target.serial not in serials and None in serials:
        serials[serials.index(None)] = target.serial
    if isinstance(target, DiskByWwn):
        wwn = _plain_wwn(target.wwn)
        if wwn not in wwns and None in wwns:
            wwns[wwns.index(None)] = wwn
    return serials, wwns


def _plain_wwn(written: str) -> str:
    """The 16 hex digits of `0x5000…`, `naa.5000…`, `wwn-0x5000…`."""
    digits = written.lower().rpartition(".")[2].rpartition("0x")[2]
    if not _SIXTEEN_HEX.fullmatch(digits):
        raise NothingToRehearse(
            f"no virtual disk can have the WWN {written}: QEMU's have 16 hexadecimal digits"
        )
    return digits


def _uuid(site: Site, host: Host) -> UUID:
    return UUID(host.system_uuid) if host.system_uuid else uuid5(_UUIDS, f"{site.name}/{host.name}")


def _derived_mac(site: Site, host: Host, position: int) -> str:
    # 52:54:00 is the locally administered prefix that QEMU's own tools use.
    return normal_mac("525400" + _derived(site, host, f"nic {position}")[:6])


def _derived(site: Site, host: Host, what: str) -> str:
    return hashlib.sha256(f"{site.name}\0{host.name}\0{what}".encode()).hexdigest()
