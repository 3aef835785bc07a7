from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.accounts import Systemd, Unit
from harmony.modules.ignition.spec.config import Storage
from harmony.modules.ignition.spec.luks import Luks
from harmony.modules.ignition.spec.part import (
    Appended,
    KeySpace,
    Since,
    key_of,
    marks,
    parts_of,
    says,
)
from harmony.modules.ignition.version import SpecVersion

pytestmark = pytest.mark.unit


def test_parts_come_with_their_paths_the_outer_first() -> None:
    systemd = Systemd(units=(Unit(name="a.service"), Unit(name="b.service")))
    assert [(at, type(part).__name__) for at, part in parts_of(systemd, ("systemd",))] == [
        (("systemd",), "Systemd"),
        (("systemd", "units", 0), "Unit"),
        (("systemd", "units", 1), "Unit"),
    ]


def test_what_stands_on_a_field() -> None:
    luks = Luks(name="a")
    assert marks(luks, "options") == (Appended(),)
    assert marks(luks, "cex") == (Since(SpecVersion.V3_5),)
    assert marks(Storage(), "links") == (KeySpace("node"),)


def test_keys() -> None:
    assert [key_of(item) for item in ("text", Luks(name="a"))] == ["text", "a"]


def test_null_says_nothing() -> None:
    assert Luks.model_validate({"name": "a", "options": None, "clevis": None}) == Luks(name="a")


@pytest.mark.parametrize("value", [False, "", 0, ("",), Luks(name="")])
def test_values_that_say_something(value: object) -> None:
    assert says(value)


@pytest.mark.parametrize("value", [None, (), Storage(), Systemd()])
def test_values_that_say_nothing(value: object) -> None:
    assert not says(value)
