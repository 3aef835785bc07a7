"""A machine's report, checked against itself, as the facts by which the inventory recognises it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from inventory.host import Firmware
from inventory.mac import normal_mac
from inventory.matching import MachineFacts
from inventory.text import uuid
from provisioner.agent.messages import HardwareReport
from provisioner.protocol.boot.bounds import require_bounds
from provisioner.protocol.boot.disk_choice import order_of
from provisioner.protocol.boot.errors import ImpossibleReport
from provisioner.protocol.boot.machine import Machine

# Quirk: boards whose maker never gave them a UUID of their own all have one of these (known from
# inventories; Dell's is the one of an empty service tag), or one of hardly any different bytes.
_MADE_UP_UUIDS = {
    UUID("03000200-0400-0500-0006-000700080009"),
    UUID("00020003-0004-0005-0006-000700080009"),
    UUID("12345678-1234-5678-90ab-cddeefaabbcc"),
    UUID("11111111-2222-3333-4444-555555555555"),
    UUID("4c4c4544-0000-2010-8020-80c04f202020"),
}


def sound(report: HardwareReport) -> HardwareReport:
    """The report with its MAC addresses in the usual spelling. Raises ImpossibleReport."""
    require_bounds(report)
    try:
        nics = tuple(replace(nic, mac=normal_mac(nic.mac)) for nic in report.nics)
        boot_mac = normal_mac(report.boot_mac)
    except ValueError as error:
        raise ImpossibleReport(str(error)) from error
    if boot_mac not in {nic.mac for nic in nics}:
        raise ImpossibleReport(f"no NIC of the report has the MAC it was booted from, {boot_mac}")
    return replace(report, nics=nics, boot_mac=boot_mac)


def facts_of(report: HardwareReport) -> MachineFacts:
    """What of a sound report tells which host the machine is."""
    return MachineFacts(
        macs=tuple(nic.mac for nic in report.nics),
        serial=report.serial,
        system_uuid=report.system_uuid,
        firmware=Firmware(report.firmware),
        cpus=report.cpus,
        memory=report.memory,
        disks=len(report.disks),
    )


def likenesses(report: HardwareReport, others: Iterable[Machine]) -> tuple[str, ...]:
    """In words, which of the other machines that are a host or have an order may be this very machine:
    it may have got another card, and boots from that."""
    found: list[str] = []
    for other in others:
        if other.host is not None or other.order is not None:
            signs = " and ".join(_signs(report, other))
            found += [f"{other.host or 'a machine'} ({other.mac}) has {signs}"] if signs else []
    return tuple(found)


def _signs(report: HardwareReport, other: Machine) -> Iterator[str]:
    shared = sorted({nic.mac for nic in report.nics}.intersection(other.macs))
    if shared:
        yield f"the same card {shared[0]}"
    own = _real_uuid(report.system_uuid)
    if own is not None and other.report is not None and own == _real_uuid(other.report.system_uuid):
        yield f"the same UUID {own}"
    orders = () if other.order is None else (other.order,)
    disk = next((disk for disk in report.disks if order_of(disk, orders) is not None), None)
    if disk is not None:
        yield f"its order for this machine's disk {disk.name}"


def _real_uuid(text: str) -> UUID | None:
    """The UUID, if it can be told from those of other machines."""
    value = uuid(text)
    if value is None or value in _MADE_UP_UUIDS or len(set(value.bytes)) <= 2:
        return None
    return value
