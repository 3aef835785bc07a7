"""What the agent is told in every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.machine_state import MachineState
from provisioner.agent.messages import UNKNOWN_DATA, DiskReport, Install, Reboot, Wait
from provisioner.protocol.boot.orders import CommitFirst, Tell, Wish, decide, waiting_for
from tests.provisioner.protocol.boot.values import (
    BLANK,
    HOST,
    IMAGE,
    INSTALLATION,
    ORDER,
    OTHER_MAC,
    REPORT,
    machine,
)

pytestmark = pytest.mark.unit

URL = "http://10.7.0.1"
WISH = Wish(HOST, INSTALLATION, "dd" * 32)


def told(state: MachineState, wish: Wish = WISH, **changes: object) -> str:
    step = decide(machine(state, **changes), wish, URL)
    assert isinstance(step, Tell)
    assert isinstance(step.order, Wait)
    return step.order.reason


def test_an_assigned_machine_is_installed_when_everything_is_there() -> None:
    step = decide(machine(MachineState.ASSIGNED), WISH, URL)
    assert step == CommitFirst(BLANK, True, INSTALLATION, "dd" * 32)


def test_the_committed_order_is_what_is_sent() -> None:
    assert decide(machine(MachineState.INSTALLING), WISH, URL) == Tell(
        Install(
            order="order-1",
            disk=BLANK,
            must_be_blank=True,
            image_url=f"{URL}/artifacts/{IMAGE.sha256}/node-image",
            image_sha256=IMAGE.sha256,
            image_size=1000,
            ignition_url=f"{URL}/ignition/order-token",
            ignition_sha256="dd" * 32,
            report_url=f"{URL}/first-boot/order-token",
            report_token="order-token",
            arguments="quiet",
        )
    )


@pytest.mark.parametrize("state", [MachineState.ASSIGNED, MachineState.INSTALLING])
def test_nobody_is_sent_for_an_image_whose_file_is_gone(state: MachineState) -> None:
    gone = replace(WISH, lacking="its image node-image, which isn't there")
    assert told(state, gone) == waiting_for(machine(state), gone) == gone.lacking
    building = replace(gone, preparing="node image, 61 %, about 2 min")
    assert told(state, building) == waiting_for(machine(state), building) == building.preparing


@pytest.mark.parametrize("begun", [True, False])
def test_an_interrupted_install_goes_on_with_the_same_order_and_on_data_only_if_it_had_begun(
    begun: bool,
) -> None:
    half = DiskReport("vdb", BLANK.size, "virtual", "DISK-1", content=("gpt",))
    other = DiskReport("vda", BLANK.size, "virtual", "DISK-2")
    report = replace(REPORT, disks=(other, half))
    interrupted = machine(MachineState.INSTALLING, report=report, own_disk=BLANK if begun else None)
    step = decide(interrupted, WISH, URL)
    assert isinstance(step, Tell)
    assert isinstance(step.order, Install)
    assert (step.order.order, step.order.disk) == ("order-1", half)
    assert step.order.must_be_blank is not begun


@pytest.mark.parametrize("nameless", [DiskReport("vda", 7), DiskReport("sda", 7, serial="0000")])
@pytest.mark.parametrize(
    ("begun", "content", "goes_on"),
    [
        (True, (), True),
        (True, (UNKNOWN_DATA,), True),
        (True, ("GPT partition table",), False),  # no half-written disk of ours has one
        (False, (UNKNOWN_DATA,), False),
    ],
)
def test_a_nameless_disk_is_written_on_if_it_looks_like_our_own_work(
    nameless: DiskReport, begun: bool, content: tuple[str, ...], goes_on: bool
) -> None:
    """What must be blank and isn't, the agent refuses: then an operator is asked."""
    now = replace(nameless, content=content)
    interrupted = machine(
        MachineState.INSTALLING,
        order=replace(ORDER, disk=nameless),
        report=replace(REPORT, disks=(now,)),
        own_disk=nameless if begun else None,
    )
    step = decide(interrupted, WISH, URL)
    assert isinstance(step, Tell)
    assert isinstance(step.order, Install)
    assert (step.order.disk, step.order.must_be_blank) == (now, not goes_on)


@pytest.mark.parametrize("disks", [(), (BLANK, BLANK)])
def test_a_disk_that_is_gone_can_be_given_up(disks: tuple[DiskReport, ...]) -> None:
    words = told(MachineState.INSTALLING, report=replace(REPORT, disks=disks))
    assert words.endswith("none such, or several), or an operator (provisioner hosts retry)")


@pytest.mark.parametrize("state", [MachineState.INSTALLED, MachineState.READY])
def test_an_installed_machine_is_told_to_boot_its_disk(state: MachineState) -> None:
    step = decide(machine(state), WISH, URL)
    assert isinstance(step, Tell)
    assert isinstance(step.order, Reboot)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(None, None, None), "I don't know you yet"),
        (Wish(HOST, None, None), "an installation, which no Score has asked for yet"),
        (Wish(HOST, None, None, "node image, 61 %"), "node image, 61 %"),
        (Wish(HOST, INSTALLATION, None), "contributed again"),
        (Wish(replace(HOST, install_on=None), INSTALLATION, "dd"), "which disk may be"),
    ],
)
def test_an_assigned_machine_waits_in_words(wish: Wish, words: str) -> None:
    assert words in told(MachineState.ASSIGNED, wish)
    assert words in waiting_for(machine(MachineState.ASSIGNED), wish)


def test_what_each_state_waits_for() -> None:
    words = {state: waiting_for(machine(state), WISH) for state in MachineState}
    assert words == {
        MachineState.DISCOVERED: "its hardware report",
        MachineState.INVENTORIED: (
            "approval (provisioner hosts approve 52:54:00:07:00:11 --as HOST)"
        ),
        MachineState.ASSIGNED: "",
        MachineState.INSTALLING: "",
        MachineState.INSTALLED: "its first boot",
        MachineState.READY: "",
        MachineState.FAILED: "an operator (provisioner hosts retry)",
    }


def test_a_reinstall_takes_the_disk_of_the_last_order() -> None:
    ours = replace(BLANK, content=("gpt", "ext4"))
    again = machine(
        MachineState.ASSIGNED, order=ORDER, own_disk=BLANK, report=replace(REPORT, disks=(ours,))
    )
    assert decide(again, WISH, URL) == CommitFirst(ours, False, INSTALLATION, "dd" * 32)


def test_an_order_that_never_began_proves_nothing() -> None:
    theirs = replace(BLANK, content=("gpt", "ext4"))
    again = replace(
        machine(MachineState.ASSIGNED, order=ORDER), report=replace(REPORT, disks=(theirs,))
    )
    step = decide(again, WISH, URL)
    assert isinstance(step, Tell)
    assert "no disk of 8 GiB or more is blank" in waiting_for(again, WISH)


def test_a_disk_that_another_machines_order_names_is_not_ordered_again() -> None:
    shared = replace(BLANK, wwn="naa.1")
    other = replace(ORDER, mac=OTHER_MAC, host="w1", disk=shared)
    report = replace(REPORT, disks=(shared,))
    words = "holds nothing and is the disk of w1 (52:54:00:07:00:12)"
    wish = replace(WISH, others=(other,))
    assert words in told(MachineState.ASSIGNED, wish, report=report)
