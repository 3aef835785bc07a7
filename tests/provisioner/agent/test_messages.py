"""When two reports of one machine are of one disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.agent.messages import DiskReport

pytestmark = pytest.mark.unit

PLAIN = DiskReport("vda", 20, "M")
SERIAL = replace(PLAIN, serial="S1")
WWN = replace(PLAIN, wwn="naa.A1")
BOTH = replace(PLAIN, serial="S1", wwn="naa.a1")
ZEROS = replace(PLAIN, serial="0000", wwn="eui.0000")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(SERIAL, replace(SERIAL, name="vdb"), id="serial"),
        pytest.param(SERIAL, BOTH, id="serial, WWN not told"),
        pytest.param(WWN, replace(WWN, name="vdb", wwn="0xa1"), id="WWN in another spelling"),
        pytest.param(PLAIN, replace(PLAIN, content=("gpt",)), id="name and model"),
        pytest.param(ZEROS, replace(ZEROS, content=("gpt",)), id="zeros are no name"),
    ],
)
def test_one_disk(one: DiskReport, other: DiskReport) -> None:
    assert one.is_same_disk(other)
    assert other.is_same_disk(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(BOTH, replace(BOTH, wwn="naa.a2"), id="two volumes of a controller"),
        pytest.param(BOTH, replace(BOTH, serial="S2"), id="other serial"),
        pytest.param(BOTH, WWN, id="lost its serial"),
        pytest.param(WWN, PLAIN, id="lost its WWN"),
        pytest.param(SERIAL, replace(SERIAL, size=21), id="other size"),
        pytest.param(PLAIN, replace(PLAIN, name="vdb"), id="other name"),
        pytest.param(ZEROS, replace(ZEROS, model="N"), id="zeros of another model"),
    ],
)
def test_two_disks(one: DiskReport, other: DiskReport) -> None:
    assert not one.is_same_disk(other)
    assert not other.is_same_disk(one)


def test_a_disk_of_zeros_is_nameless() -> None:
    assert [disk.is_nameless for disk in (PLAIN, ZEROS, SERIAL, WWN)] == [True, True, False, False]
