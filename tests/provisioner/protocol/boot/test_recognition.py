from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.host import (
    AnyBlank,
    DiskBySerial,
    DiskByWwn,
    Firmware,
    Host,
    InstallDisk,
    MatchRule,
    MayWipe,
)
from inventory.machine_state import MachineState
from inventory.matching import MachineFacts, match
from provisioner.agent.messages import HardwareReport, NicReport
from provisioner.protocol.boot.errors import ImpossibleReport
from provisioner.protocol.boot.orders import Wish, waiting_for
from provisioner.protocol.boot.recognition import facts_of, likenesses, sound
from tests.provisioner.protocol.boot.reports import reports
from tests.provisioner.protocol.boot.values import (
    BLANK,
    GIB,
    HOST,
    INSTALLATION,
    MAC,
    ORDER,
    OTHER_MAC,
    REPORT,
    machine,
)

pytestmark = pytest.mark.unit


def test_a_report_is_put_into_the_usual_spelling() -> None:
    written = MAC.upper().replace(":", "-")
    report = replace(REPORT, boot_mac=written, nics=(NicReport("eth0", written, "x", True),))
    assert sound(report).boot_mac == MAC
    assert sound(report).nics[0].mac == MAC


@pytest.mark.parametrize(
    "change",
    [
        {"boot_mac": "nonsense"},
        {"boot_mac": "52:54:00:99:99:99"},
        {"nics": ()},
        {"nics": REPORT.nics * 257},
        {"disks": REPORT.disks * 257},
        {"disks": (replace(BLANK, size=10**400),)},
    ],
)
def test_a_report_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ImpossibleReport):
        sound(replace(REPORT, **change))  # type: ignore[arg-type]


RULES = (None, AnyBlank(), AnyBlank(0), MayWipe(), DiskBySerial("DISK-1"), DiskByWwn("5"))


@given(reports, st.sampled_from(RULES), st.sampled_from(MachineState))
def test_whatever_is_reported_is_refused_or_harms_nobody(
    report: HardwareReport, rule: InstallDisk | None, state: MachineState
) -> None:
    try:
        known = sound(report)
    except ImpossibleReport:
        return
    host = replace(HOST, install_on=rule)
    by_rule = Host("w1", match=MatchRule(min_memory_gib=1))
    other = machine(MachineState.INSTALLING, mac=OTHER_MAC)
    match([host, by_rule], facts_of(known), {"cp1": OTHER_MAC}, likenesses(known, [other]))
    for own in (None, BLANK):
        wish = Wish(host, INSTALLATION, "dd" * 32, others=(ORDER,))
        waiting_for(machine(state, report=known, own_disk=own), wish)


OTHER_CARD = NicReport("eth9", OTHER_MAC, "x", True)
SHARED = replace(BLANK, wwn="naa.1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nics": (*REPORT.nics, OTHER_CARD)}, f"the same card {MAC}"),
        ({"system_uuid": REPORT.system_uuid.upper()}, f"the same UUID {REPORT.system_uuid}"),
        ({"disks": (SHARED,)}, "its order for this machine's disk vda"),
        ({"disks": (BLANK,)}, ""),
        ({}, ""),
    ],
)
def test_by_what_a_machine_may_be_a_known_one(change: dict[str, object], words: str) -> None:
    stranger = replace(REPORT, boot_mac=OTHER_MAC, nics=(OTHER_CARD,), disks=(), system_uuid="")
    report = replace(stranger, **change)  # type: ignore[arg-type]
    known = machine(MachineState.READY, order=replace(ORDER, disk=SHARED))
    assert likenesses(report, [known]) == ((f"cp1 ({MAC}) has {words}",) if words else ())
    unknown = machine(MachineState.INVENTORIED)
    assert likenesses(report, [unknown]) == ()


@pytest.mark.parametrize(
    "made_up",
    [
        "03000200-0400-0500-0006-000700080009",
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    ],
)
def test_a_uuid_that_many_boards_have_is_no_sign(made_up: str) -> None:
    theirs = replace(REPORT, system_uuid=made_up)
    ours = replace(theirs, boot_mac=OTHER_MAC, nics=(OTHER_CARD,), disks=())
    assert likenesses(ours, [machine(MachineState.READY, report=theirs)]) == ()


def test_the_facts_of_a_report() -> None:
    assert facts_of(REPORT) == MachineFacts(
        macs=(MAC,),
        serial="SERIAL-1",
        system_uuid="6f6b1c0e-0000-4000-8000-000000000001",
        firmware=Firmware.BIOS,
        cpus=2,
        memory=2 * GIB,
        disks=1,
    )
