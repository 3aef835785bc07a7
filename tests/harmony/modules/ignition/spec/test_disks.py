from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.disks import Disk, Filesystem, Partition, Raid

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "partition, key",
    [
        (Partition(number=2, label="a"), "number:2"),
        (Partition(number=0, label="a"), "label:a"),
        (Partition(label=""), "label:"),
        (Partition(), ""),
    ],
)
def test_a_partition_is_known_by_its_number_or_else_its_label(
    partition: Partition, key: str
) -> None:
    assert partition.key == key


def test_keys() -> None:
    parts = (Disk(device="/dev/a"), Raid(name="r"), Filesystem(device="/dev/b"))
    assert [part.key for part in parts] == ["/dev/a", "r", "/dev/b"]
