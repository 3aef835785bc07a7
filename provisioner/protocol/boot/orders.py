"""What a machine's agent is told next: a pure function of what is known and what was committed.

An install order exists only as a committed `InstallOrder`: `decide` may ask for one to be committed
(`CommitFirst`), and sends one (`Tell`) only when the machine already carries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from inventory.contribution import Installation
from inventory.host import Host
from inventory.machine_state import MachineState
from provisioner.agent.messages import (
    UNKNOWN_DATA,
    DiskReport,
    Install,
    Order,
    Reboot,
    Wait,
)
from provisioner.protocol.boot.disk_choice import Chosen, NoDisk, choose
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.boot.plan import UNKNOWN_MACHINE
from provisioner.protocol.boot.script import artifact_url

LOST_DISK = (
    "the disk that its order names (it reports none such, or several), or an operator"
    " (provisioner hosts retry)"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of the host that the machine is.

    `installation` is None until someone contributes it; `ignition_sha256` is None while the config's
    text isn't there (it is erased when its machine is ready); `preparing` are the words for what is
    being built meanwhile; `lacking` those for an image whose file is not there now. `others` are the
    orders of other machines.
    """

    host: Host | None
    installation: Installation | None
    ignition_sha256: str | None
    preparing: str = ""
    lacking: str = ""
    others: tuple[InstallOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """Send this order."""

    order: Order


@dataclass(frozen=True, slots=True)
class CommitFirst:
    """Commit an install order for this disk, then ask again."""

    disk: DiskReport
    must_be_blank: bool
    installation: Installation
    ignition_sha256: str


NextStep = Tell | CommitFirst


def decide(machine: Machine, wish: Wish, base_url: str) -> NextStep:
    """The next step for the agent that runs on `machine`, or first for the daemon."""
    if machine.state is MachineState.ASSIGNED:
        return _for_assigned(machine, wish)
    if machine.state is MachineState.INSTALLING:
        return _for_installing(machine, wish, base_url)
    if machine.state in (MachineState.INSTALLED, MachineState.READY):
        return Tell(Reboot("the system on its own disk is next"))
    return Tell(Wait(waiting_for(machine, wish)))


def waiting_for(machine: Machine, wish: Wish) -> str:
    """What the machine waits for, in words for an operator; empty if for nothing but itself."""
    match machine.state:
        case MachineState.DISCOVERED:
            return "its hardware report"
        case MachineState.INVENTORIED:
            return f"approval (provisioner hosts approve {machine.mac} --as HOST)"
        case MachineState.ASSIGNED:
            step = _for_assigned(machine, wish)
            return "" if isinstance(step, CommitFirst) else _reason(step.order)
        case MachineState.INSTALLING:
            if _disk_now(machine) is None:
                return LOST_DISK
            return wish.lacking and (wish.preparing or wish.lacking)
        case MachineState.INSTALLED:
            return "its first boot"
        case MachineState.READY:
            return ""
        case MachineState.FAILED:
            return "an operator (provisioner hosts retry)"
        case _:
            assert_never(machine.state)


def _reason(order: Order) -> str:
    return "" if isinstance(order, Install) else order.reason


def _for_assigned(machine: Machine, wish: Wish) -> NextStep:
    if wish.host is None:
        return Tell(Wait(UNKNOWN_MACHINE))
    if wish.installation is None:
        return Tell(Wait(wish.preparing or "an installation, which no Score has asked for yet"))
    if wish.lacking:
        return Tell(Wait(wish.preparing or wish.lacking))
    if wish.ignition_sha256 is None:
        return Tell(Wait("its Ignition config, which has to be contributed again"))
    if machine.report is None:
        return Tell(Wait("its hardware report"))
    disks = machine.report.disks
    choice = choose(wish.host.install_on, disks, machine.own_disk, wish.others)
    match choice:
        case NoDisk(reason):
            return Tell(Wait(f"a disk to install on: {reason}", retry_after=10.0))
        case Chosen(disk, must_be_blank):
            return CommitFirst(disk, must_be_blank, wish.installation, wish.ignition_sha256)
        case _:
            assert_never(choice)


def _for_installing(machine: Machine, wish: Wish, base_url: str) -> NextStep:
    """The committed order again: an interrupted install is carried on, not ordered a second time. While
    the image's file is gone, the agent waits in words instead of asking for it in vain."""
    order, disk = machine.order, _disk_now(machine)
    if order is None or disk is None:
        return Tell(Wait(LOST_DISK, retry_after=10.0))
    if wish.lacking:
        return Tell(Wait(wish.preparing or wish.lacking))
    return Tell(install_message(order, disk, base_url, is_own=_is_own(machine, disk)))


def _is_own(machine: Machine, disk: DiskReport) -> bool:
    """Whether what is on the ordered disk is what the order has begun to write. A disk that only its name
    tells must look like it too: without labels, as the partition table is written last."""
    if machine.own_disk is None or not disk.is_same_disk(machine.own_disk):
        return False
    return not disk.is_nameless or set(disk.content) <= {UNKNOWN_DATA}


def _disk_now(machine: Machine) -> DiskReport | None:
    """The ordered disk as the last report shows it (an interrupted install leaves content on it)."""
    if machine.order is None or machine.report is None:
        return None
    ordered = machine.order.disk
    found = [disk for disk in machine.report.disks if disk.is_same_disk(ordered)]
    return found[0] if len(found) == 1 else None


def install_message(
    order: InstallOrder, disk: DiskReport, base_url: str, *, is_own: bool
) -> Install:
    """The order as the agent is told it. A disk that had to be blank must still be, until our own order
    has begun to write it (`is_own`)."""
    return Install(
        order=order.id,
        disk=disk,
        must_be_blank=order.must_be_blank and not is_own,
        image_url=artifact_url(base_url, order.image.sha256, order.image.name),
        image_sha256=order.image.sha256,
        image_size=order.image.size,
        ignition_url=f"{base_url}/ignition/{order.token}",
        ignition_sha256=order.ignition_sha256,
        report_url=f"{base_url}/first-boot/{order.token}",
        report_token=order.token,
        arguments=order.arguments,
    )
