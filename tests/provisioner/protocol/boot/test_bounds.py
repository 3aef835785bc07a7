from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.agent.messages import Progress
from provisioner.protocol.boot.bounds import BEYOND_NUMBERS, require_bounds
from provisioner.protocol.boot.errors import ImpossibleReport
from tests.provisioner.protocol.boot.values import BLANK, REPORT

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "message",
    [
        replace(REPORT, memory=10**400),
        replace(REPORT, cpus=-1),
        replace(REPORT, vendor="x" * 1001),
        replace(REPORT, clock_offset=float("inf")),
        replace(REPORT, clock_offset=float("nan")),
        replace(REPORT, clock_offset=-1e300),
        replace(REPORT, disks=(replace(BLANK, size=BEYOND_NUMBERS),)),
        replace(REPORT, disks=(replace(BLANK, content=("x",) * 257),)),
        replace(REPORT, nics=(replace(REPORT.nics[0], speed_mbps=10**400),)),
        Progress("o", "image", 10**400, 1),
    ],
)
def test_what_is_out_of_bounds_is_refused_however_deep(message: object) -> None:
    with pytest.raises(ImpossibleReport):
        require_bounds(message)


def test_what_machines_say_is_within() -> None:
    require_bounds(replace(REPORT, memory=BEYOND_NUMBERS - 1, clock_offset=-4e9))
    require_bounds(replace(REPORT, nics=(replace(REPORT.nics[0], speed_mbps=None),)))
