from __future__ import annotations

from dataclasses import fields

import pytest

from inventory import Host, Network
from inventory.diagnostic import Diagnostic
from inventory.place import refused
from tests.harmony.scripted import Thing
from tests.inventory.written import findings, written

pytestmark = pytest.mark.unit

CASES = {
    "slip": (
        'Host("w1", adress="10.7.0.1")',
        [("HP0007", "Host has no 'adress'", "did you mean 'address'?")],
    ),
    "slip of something that must be given": ('Host(nam="w1")', [
        ("HP0007", "Host has no 'nam'", "did you mean 'name'?"),
    ]),
    "unknown": (
        'Rack("r1", colour="red")',
        [("HP0007", "Rack has no 'colour'", "Rack takes name, room")],
    ),
    "missing": (
        'Nic(speed_mbps=1000)',
        [("HP0008", "Nic lacks its 'mac'", "write Nic(mac=…)")],
    ),
    "several at once": (
        'Network(name="lan", subnet=5, interfac="eth1", colour="red")',
        [
            ("HP0007", "Network has no 'interfac'", "did you mean 'interface'?"),
            (
                "HP0007",
                "Network has no 'colour'",
                f"Network takes {', '.join(field.name for field in fields(Network))}",
            ),
            (
                "HP0008",
                "Network lacks its 'address'",
                "write Network(name=…, subnet=…, interface=…, address=…)",
            ),
            ("HP0009", "Network.subnet: 5 is not str", "see the fields of Network"),
        ],
    ),
    "too many": (
        'Rack("r1", "cellar", 3)',
        [("HP0007", "Rack takes 2 arguments by position, 3 are given", "see the fields of Rack")],
    ),
    "twice": (
        'Rack("r1", name="r2")',
        [("HP0007", "Rack gets 'name' twice", "see the fields of Rack")],
    ),
    "one instead of a list": (
        'Host("w1", nics=Nic("m"))',
        [
            (
                "HP0009",
                "Host.nics: Nic(mac='m', network=None, model=<NicModel.VIRTIO: 'virti… "
                "is not tuple or list",
                "put it in brackets: nics=[…]",
            )
        ],
    ),
    "text instead of a choice": (
        'Host("w1", firmware="bios")',
        [
            (
                "HP0009",
                "Host.firmware: 'bios' is not Firmware",
                "write one of Firmware.BIOS, Firmware.UEFI",
            )
        ],
    ),
}  # fmt: skip


def brief(diagnostic: Diagnostic) -> tuple[str, str, str]:
    (help_,) = diagnostic.help
    return (diagnostic.code, diagnostic.message, help_)


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_refusals(source: str, expected: list[tuple[str, str, str]]) -> None:
    names, reading = written(f"value = {source}")
    assert [brief(refusal) for refusal in reading.refusals] == expected
    assert refused(names["value"])


def test_a_stand_in_keeps_what_was_right() -> None:
    names, _ = written('w1 = Host("w1", nics=5, serial="S", adress="x")')
    assert names["w1"] == Host("w1", serial="S")


def test_what_is_right_is_not_refused() -> None:
    names, reading = written('w1 = Host("w1", firmware=BIOS)')
    assert reading.refusals == []
    assert not refused(names["w1"])


def test_a_stand_in_causes_no_further_findings() -> None:
    assert [found.code for found in findings('home = site(Host("w1", nic=[]))')] == ["HP0007"]
    assert [found.code for found in findings('home = Site("a", network=[lan], hosts=[])')] == [
        "HP0007"
    ]


SCORES = """
from tests.harmony.scripted import Thing
good = Thing("a")
slip = Thing("a", color="red")
wrong = Thing(5)
"""


def test_scores_are_refused_too() -> None:
    names, reading = written(SCORES)
    assert [brief(refusal) for refusal in reading.refusals] == [
        ("HP0007", "Thing has no 'color'", "did you mean 'colour'?"),
        ("HP0009", "Thing.name: Input should be a valid string", "see the fields of Thing"),
    ]
    assert names["good"] == Thing("a")
    assert [refused(names[name]) for name in ("good", "slip", "wrong")] == [False, True, True]
