from __future__ import annotations

from dataclasses import dataclass

import pytest

from inventory.errors import ProvisionerBug
from provisioner.serve.faults import Faults

pytestmark = pytest.mark.unit


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def one() -> None:
    raise ProvisionerBug("the rule that was broken")


def another() -> None:
    raise RuntimeError("something else")


def met(faults: Faults, *bugs: object) -> None:
    for bug in bugs:
        try:
            assert callable(bug)
            bug()
        except Exception as fault:
            faults.tell(fault)


def test_a_fault_is_told_with_its_traceback_and_not_again_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    faults = Faults(clock)
    met(faults, one, one, another, one)
    told = capsys.readouterr().err
    assert told.count("Traceback") == 2
    assert told.count("ProvisionerBug: the rule that was broken") == 1
    assert "in one" in told
    clock.now = 30.0
    met(faults, one)
    assert "in one" in capsys.readouterr().err
