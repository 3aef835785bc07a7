"""What stands on disks: partitions, arrays and file systems."""
# ruff: noqa: N815 - the spec's names

from __future__ import annotations

from typing import Annotated

from typing_extensions import override

from harmony.modules.ignition.spec.part import Appended, Flag, Keyed, Since, Text, Whole
from harmony.modules.ignition.version import SpecVersion


class Partition(Keyed):
    """Known by its number; one without (or with 0, the next free one) by its label."""

    number: Whole | None = None
    label: Text | None = None
    sizeMiB: Whole | None = None
    startMiB: Whole | None = None
    typeGuid: Text | None = None
    guid: Text | None = None
    wipePartitionEntry: Flag | None = None
    shouldExist: Flag | None = None
    resize: Annotated[Flag | None, Since(SpecVersion.V3_2)] = None

    @property
    @override
    def key(self) -> str:
        if self.number:
            return f"number:{self.number}"
        return "" if self.label is None else f"label:{self.label}"


class Disk(Keyed):
    device: Text
    wipeTable: Flag | None = None
    partitions: tuple[Partition, ...] = ()

    @property
    @override
    def key(self) -> str:
        return self.device


class Raid(Keyed):
    name: Text
    level: Text | None = None
    spares: Whole | None = None
    devices: tuple[Text, ...] = ()
    options: Annotated[tuple[Text, ...], Appended()] = ()

    @property
    @override
    def key(self) -> str:
        return self.name


class Filesystem(Keyed):
    device: Text
    format: Text | None = None
    path: Text | None = None
    wipeFilesystem: Flag | None = None
    label: Text | None = None
    uuid: Text | None = None
    options: Annotated[tuple[Text, ...], Appended()] = ()
    mountOptions: Annotated[tuple[Text, ...], Appended(), Since(SpecVersion.V3_1)] = ()

    @property
    @override
    def key(self) -> str:
        return self.device
