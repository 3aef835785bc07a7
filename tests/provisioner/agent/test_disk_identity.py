"""Which disk an order means, just before it is written."""

from __future__ import annotations

import pytest

from provisioner.agent.disk_identity import find_disk
from provisioner.agent.errors import InstallFailed
from provisioner.agent.messages import DiskReport, Install

pytestmark = pytest.mark.unit

GIB = 1 << 30
SERIAL = DiskReport("sda", 20 * GIB, "M", serial="S1", wwn="naa.1")
WWN = DiskReport("sda", 20 * GIB, "M", wwn="naa.1")
LUN = DiskReport("sda", 20 * GIB, "M", serial="CONTROLLER", wwn="naa.a1")
OTHER_LUN = DiskReport("sdb", 20 * GIB, "M", serial="CONTROLLER", wwn="naa.a2")
NAMELESS = DiskReport("vda", 20 * GIB, "M")


def order(disk: DiskReport, must_be_blank: bool = True) -> Install:
    return Install("o1", disk, must_be_blank, "/i", "", 1, "/c", "", "/r", "t")


@pytest.mark.parametrize(
    ("ordered", "seen"),
    [
        pytest.param(SERIAL, DiskReport("sdb", 20 * GIB, serial="S1"), id="serial, other name"),
        pytest.param(WWN, DiskReport("sdb", 20 * GIB, wwn="naa.1"), id="wwn, other name"),
        pytest.param(NAMELESS, NAMELESS, id="name and model"),
    ],
)
def test_the_ordered_disk_is_found(ordered: DiskReport, seen: DiskReport) -> None:
    other = DiskReport("sdz", 30 * GIB, serial="S9")
    assert find_disk(order(ordered), [other, seen]) == seen


@pytest.mark.parametrize(
    ("ordered", "seen"),
    [
        pytest.param(SERIAL, [], id="gone"),
        pytest.param(SERIAL, [DiskReport("sda", 20 * GIB, "M", serial="S2")], id="other serial"),
        pytest.param(SERIAL, [DiskReport("sda", 21 * GIB, "M", serial="S1")], id="other size"),
        pytest.param(SERIAL, [WWN], id="lost its serial"),
        pytest.param(WWN, [NAMELESS], id="lost its wwn"),
        pytest.param(NAMELESS, [DiskReport("vdb", 20 * GIB, "M")], id="other name"),
        pytest.param(NAMELESS, [SERIAL], id="has a serial now"),
        pytest.param(SERIAL, [SERIAL, SERIAL], id="twice"),
    ],
)
def test_any_doubt_is_refused(ordered: DiskReport, seen: list[DiskReport]) -> None:
    with pytest.raises(InstallFailed, match="of the disks is the ordered one") as failure:
        find_disk(order(ordered), seen)
    assert len(failure.value.evidence) == len(seen)


def test_volumes_of_one_controller_are_told_apart() -> None:
    assert find_disk(order(OTHER_LUN), [LUN, OTHER_LUN]) == OTHER_LUN


def test_a_disk_that_must_be_blank_is_looked_at_again() -> None:
    full = DiskReport("sda", 20 * GIB, serial="S1", content=("XFS file system", "swap space"))
    with pytest.raises(InstallFailed, match="is not blank") as failure:
        find_disk(order(SERIAL), [full])
    assert failure.value.evidence == ("it holds XFS file system", "it holds swap space")
    assert find_disk(order(SERIAL, must_be_blank=False), [full]) == full
