"""Which of the machine's disks an order means, looked at again just before it is written.

The rules:
- Exactly one disk may be the ordered one (`DiskReport.is_same_disk`).
- With `must_be_blank` it must hold nothing now, whatever was reported before.
"""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.agent.errors import InstallFailed
from provisioner.agent.messages import DiskReport, Install


def find_disk(order: Install, disks: Iterable[DiskReport]) -> DiskReport:
    """The disk to write.

    Raises:
        InstallFailed: it isn't there, isn't the only one, or isn't blank.
    """
    seen = tuple(disks)
    found = [disk for disk in seen if disk.is_same_disk(order.disk)]
    if len(found) != 1:
        raise InstallFailed(
            f"{len(found) or 'none'} of the disks is the ordered one: {_describe(order.disk)}",
            *(f"seen: {_describe(disk)}" for disk in seen),
        )
    disk = found[0]
    if order.must_be_blank and disk.content:
        raise InstallFailed(
            f"the disk {_describe(disk)} is not blank",
            *(f"it holds {what}" for what in disk.content),
        )
    return disk


def _describe(disk: DiskReport) -> str:
    names = [disk.name, f"{disk.size} bytes"]
    names += [f"serial {disk.serial}"] if disk.serial else []
    names += [f"WWN {disk.wwn}"] if disk.wwn else []
    return " ".join(names)
