"""A machine's report, checked against itself, as the facts by which the inventory recognises it."""

from __future__ import annotations

from dataclasses import replace

from inventory.host import Firmware
from inventory.mac import normal_mac
from inventory.matching import MachineFacts
from provisioner.agent.messages import HardwareReport
from provisioner.protocol.boot.errors import ImpossibleReport

_MOST_PARTS = 256


def sound(report: HardwareReport) -> HardwareReport:
    """The report with its MAC addresses in the usual spelling. Raises ImpossibleReport."""
    if len(report.nics) > _MOST_PARTS or len(report.disks) > _MOST_PARTS:
        raise ImpossibleReport(f"a report of more than {_MOST_PARTS} NICs or disks")
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
