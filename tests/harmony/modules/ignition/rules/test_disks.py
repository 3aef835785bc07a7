from __future__ import annotations

import pytest
from pydantic import JsonValue

from tests.harmony.modules.ignition.configs import Case, document, wrong

pytestmark = pytest.mark.unit

GUID = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"
_PARTITION = "storage.disks[0].partitions[0]"
_LEVEL = "is not a RAID level (linear, raid0, raid1, raid4, raid5, raid6, raid10)"


def disk(*partitions: JsonValue) -> str:
    return document(storage={"disks": [{"device": "/dev/a", "partitions": list(partitions)}]})


def raid(minor: int = 3, **said: JsonValue) -> str:
    whole: JsonValue = {"name": "r", "level": "raid1", "devices": ["/dev/a"], **said}
    return document(minor, storage={"raid": [whole]})


def filesystem(minor: int = 3, **said: JsonValue) -> str:
    return document(minor, storage={"filesystems": [{"device": "/dev/a", **said}]})


def too_long(length: int, named: str) -> tuple[str, ...]:
    said = f"is longer than the {length} bytes that {named} has for it"
    return (f"storage.filesystems[0].label: {said}",)


_DESCRIBED = f"{_PARTITION}.shouldExist: is false, and yet the partition is described"
_FORMAT = "storage.filesystems[0].format: is required beside what else is said of the file system"
_OVERLAP = "storage.disks[0].partitions[1]: overlaps another partition"
CASES = {
    "partitions": Case(
        disk(
            {"number": 1, "label": "a", "startMiB": 1, "sizeMiB": 10, "typeGuid": GUID},
            {"number": 2, "label": "b", "startMiB": 11, "sizeMiB": 0, "guid": ""},
            {"label": "c", "startMiB": 0, "sizeMiB": 5},
            {"number": 0, "label": "d", "resize": True},
        )
    ),
    "deleted": Case(
        disk({"number": 1}, {"number": 5, "shouldExist": False, "wipePartitionEntry": True})
    ),
    "deleted, and another in the next place": Case(
        disk({"number": 1, "shouldExist": False}, {"label": "a"}),
        ("storage.disks[0].partitions[1].number: is required while another is deleted",),
    ),
    "device": Case(
        document(storage={"disks": [{"device": "sda"}]}),
        ("storage.disks[0].device: is not an absolute path",),
    ),
    "label of another": Case(
        disk({"number": 1, "label": "a"}, {"number": 2, "label": "a"}),
        ("storage.disks[0].partitions[1].label: is another partition's too",),
    ),
    "starts in another": Case(
        disk(
            {"number": 1, "startMiB": 1, "sizeMiB": 10},
            {"number": 2, "startMiB": 10, "sizeMiB": 1},
        ),
        (_OVERLAP,),
    ),
    "holds another": Case(
        disk(
            {"number": 1, "startMiB": 5, "sizeMiB": 1},
            {"number": 2, "startMiB": 1, "sizeMiB": 10},
        ),
        (_OVERLAP,),
    ),
    "the rest of the disk, twice": Case(
        disk(
            {"number": 1, "startMiB": 5, "sizeMiB": 0},
            {"number": 2, "startMiB": 5, "sizeMiB": 0},
        ),
        (_OVERLAP,),
    ),
    "unwanted and labelled": Case(
        disk({"number": 1, "label": "a", "shouldExist": False}), (_DESCRIBED,)
    ),
    "unwanted and typed": Case(
        disk({"number": 1, "typeGuid": GUID, "shouldExist": False}), (_DESCRIBED,)
    ),
    "unwanted and placed": Case(
        disk({"number": 1, "startMiB": 0, "shouldExist": False}), (_DESCRIBED,)
    ),
    "nameless": Case(disk({"startMiB": 1}), (f"{_PARTITION}: has neither a number nor a label",)),
    "colon": Case(
        disk({"label": "a:b"}), (f"{_PARTITION}.label: is longer than 36 bytes or has a colon",)
    ),
    "37 bytes": Case(
        disk({"label": "ä" * 18 + "a"}),
        (f"{_PARTITION}.label: is longer than 36 bytes or has a colon",),
    ),
    "36 bytes": Case(disk({"label": "ä" * 18})),
    "GUID": Case(
        disk({"number": 1, "guid": "linux", "typeGuid": GUID[:-1]}),
        (f"{_PARTITION}.guid: is not a GUID", f"{_PARTITION}.typeGuid: is not a GUID"),
    ),
    "raid": Case(raid(spares=1, options=["--x", "--x"])),
    "raid level": Case(raid(level="raid7"), (f"storage.raid[0].level: {_LEVEL}",)),
    "raid without a level": Case(raid(level=None), (f"storage.raid[0].level: {_LEVEL}",)),
    "striped": Case(raid(level="stripe", spares=0)),
    "striped with a spare": Case(
        raid(level="stripe", spares=1), ("storage.raid[0].spares: can't be used at this level",)
    ),
    "raid of nothing": Case(raid(devices=[]), ("storage.raid[0].devices: is required",)),
    "raid of a name": Case(
        raid(devices=["/dev/a", "b"]), ("storage.raid[0].devices[1]: is not an absolute path",)
    ),
    "bare file system": Case(filesystem()),
    "file system": Case(
        filesystem(format="ext4", path="/var", label="x" * 16, mountOptions=["a", "a"])
    ),
    "formats": Case(
        document(
            storage={
                "filesystems": [
                    {"device": f"/dev/{name}", "format": name}
                    for name in ("ext4", "btrfs", "xfs", "vfat", "swap", "none")
                ]
            }
        )
    ),
    "zfs": Case(
        filesystem(format="zfs"),
        ("storage.filesystems[0].format: is not one of ext4, btrfs, xfs, swap, vfat, none",),
    ),
    "path without a format": Case(filesystem(path="/a"), (_FORMAT,)),
    "label without a format": Case(filesystem(label="a"), (_FORMAT,)),
    "UUID without a format": Case(filesystem(uuid="a"), (_FORMAT,)),
    "wiped without a format": Case(filesystem(wipeFilesystem=True), (_FORMAT,)),
    "options without a format": Case(filesystem(options=["a"]), (_FORMAT,)),
    "mounted without a format": Case(filesystem(mountOptions=["a"]), (_FORMAT,)),
    "not wiped, without a format": Case(filesystem(wipeFilesystem=False, path="")),
    "relative mount": Case(
        filesystem(format="xfs", path="var"),
        ("storage.filesystems[0].path: is not an absolute path",),
    ),
    "ext4's label": Case(filesystem(format="ext4", label="x" * 17), too_long(16, "ext4")),
    "xfs's label": Case(filesystem(format="xfs", label="x" * 13), too_long(12, "xfs")),
    "swap's label": Case(filesystem(format="swap", label="x" * 16), too_long(15, "swap")),
    "vfat's label": Case(filesystem(format="vfat", label="x" * 12), too_long(11, "vfat")),
    "btrfs's label": Case(filesystem(format="btrfs", label="x" * 257), too_long(256, "btrfs")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_stands_on_disks(case: Case) -> None:
    assert wrong(case.document) == case.wrong
