from __future__ import annotations

import pytest

from inventory import Waiver
from tests.inventory.written import brief

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("waiver", "check", "subject", "covers"),
    [
        (Waiver("ntp-server", "Monday"), "ntp-server", "10.7.0.1", True),
        (Waiver("ntp-server", "Monday"), "clock", "10.7.0.1", False),
        (Waiver("ntp-server", "Monday", "10.7.0.1"), "ntp-server", "10.7.0.1", True),
        (Waiver("ntp-server", "Monday", "10.7.0.2"), "ntp-server", "10.7.0.1", False),
    ],
)
def test_what_it_covers(waiver: Waiver, check: str, subject: str, covers: bool) -> None:
    assert waiver.covers(check, subject) is covers


def test_one_without_a_reason_is_refused() -> None:
    assert brief("home = Site('home', [lan], [], waivers=[Waiver('ntp-server')])") == [
        "HP0008 Waiver | needs reason"
    ]
