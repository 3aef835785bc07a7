from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

GIVEN = """
a = Host("a", [Nic("52:54:00:07:00:11"), Nic("52:54:00:07:00:12")])
tor = Switch("tor")
"""

CASES: dict[str, tuple[str, list[str]]] = {
    "sound": (
        'home = site(a, switches=[tor], cables=[Cable("a", 1, SwitchPort("tor", "1")), '
        'Cable("a", 2, SwitchPort("tor", "2"))])',
        [],
    ),
    "host": (
        'home = site(a, switches=[tor], cables=[Cable("b", 1, SwitchPort("tor", "1"))])',
        ['HP0040 "b" | no such host'],
    ),
    "switch": (
        'home = site(a, cables=[Cable("a", 1, SwitchPort("tor", "1"))])',
        ['HP0041 "tor" | no such switch'],
    ),
    "card": (
        'home = site(a, switches=[tor], cables=[Cable("a", nic=0, to=SwitchPort("tor", "1"))])',
        ["HP0042 nic=0 | no such card"],
    ),
    "port twice": (
        'home = site(a, switches=[tor], cables=[Cable("a", 1, SwitchPort("tor", "1")), '
        'Cable("a", 2, SwitchPort("tor", "1"))])',
        ["HP0043 Cable | port 1 is taken"],
    ),
    "card twice": (
        'home = site(a, switches=[tor], cables=[Cable("a", 1, SwitchPort("tor", "1")), '
        'Cable("a", 1, SwitchPort("tor", "2"))])',
        ["HP0043 Cable | card 1 is taken"],
    ),
    "rack": (
        'home = site(Host("b", serial="S", rack="r9"), racks=[Rack("r1")])',
        ['HP0044 rack="r9" | no such rack'],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_cables(source: str, expected: list[str]) -> None:
    assert brief(GIVEN + source) == expected
