from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.host import Firmware
from inventory.matching import MachineFacts
from provisioner.agent.messages import NicReport
from provisioner.protocol.boot.errors import ImpossibleReport
from provisioner.protocol.boot.recognition import facts_of, sound
from tests.provisioner.protocol.boot.values import GIB, MAC, REPORT

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
    ],
)
def test_a_report_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ImpossibleReport):
        sound(replace(REPORT, **change))  # type: ignore[arg-type]


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
