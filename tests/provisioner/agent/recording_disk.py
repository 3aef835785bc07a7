"""A disk in memory that keeps every change, so that a test can cut the power after any of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from provisioner.agent.errors import DaemonUnreachable
from provisioner.agent.messages import DiskReport
from provisioner.agent.partition_table import Partition


@dataclass(frozen=True, slots=True)
class Change:
    """`what` was done to the disk at `offset`, and the bytes that are there afterwards."""

    what: str
    offset: int
    content: bytes


@dataclass
class RecordingDisk:
    """`content` now; `changes` in order. Files put on a partition are kept beside, under its start."""

    content: bytearray
    changes: list[Change] = field(default_factory=list[Change])
    files: dict[int, dict[str, bytes]] = field(default_factory=dict[int, dict[str, bytes]])
    steps: list[str] = field(default_factory=list[str])
    wrong_after_write: bool = False

    @property
    def size(self) -> int:
        return len(self.content)

    def write(self, offset: int, content: memoryview) -> None:
        self._change("write", offset, bytes(content))

    def zero(self, offset: int, length: int) -> None:
        if length:
            self._change("zero", offset, bytes(length))

    def read(self, offset: int, length: int) -> bytes:
        found = bytes(self.content[offset : offset + length])
        return bytes(length) if self.wrong_after_write and offset == 0 else found

    def flush(self) -> None:
        self.steps.append("flush")

    def forget_partitions(self) -> None:
        self.steps.append("forget")

    def put_files(self, partition: Partition, files: Mapping[str, bytes]) -> None:
        self.steps.append("put files")
        self.files[partition.start] = dict(files)

    def get_files(self, partition: Partition, paths: Iterable[str]) -> dict[str, bytes]:
        self.steps.append("get files")
        return {path: self.files[partition.start][path] for path in paths}

    def _change(self, what: str, offset: int, content: bytes) -> None:
        assert offset >= 0
        assert offset + len(content) <= self.size
        self.content[offset : offset + len(content)] = content
        self.changes.append(Change(what, offset, content))
        mib = 1 << 20
        self.steps.append(f"{what} {offset / mib:g}+{len(content) / mib:g}")


@dataclass
class InMemory:
    """`installation.Surroundings` without a machine."""

    reports: tuple[DiskReport, ...]
    disk: RecordingDisk
    files: Mapping[str, bytes]
    opened: list[str] = field(default_factory=list[str])

    def disks(self) -> tuple[DiskReport, ...]:
        return self.reports

    @contextmanager
    def open_disk(self, name: str) -> Generator[RecordingDisk]:
        self.opened.append(name)
        yield self.disk

    def begin(self, order: str) -> None:
        self.disk.steps.append(f"begin {order}")

    def fetch(self, url: str) -> bytes:
        return self.files[url]

    @contextmanager
    def download(self, url: str) -> Generator[BytesSource]:
        yield BytesSource(self.files[url])


@dataclass
class BytesSource:
    """A download out of memory; it breaks at its end as a connection does."""

    content: bytes
    position: int = 0

    def read_exactly(self, length: int) -> bytes:
        found = self.content[self.position : self.position + length]
        self.position += length
        if len(found) < length:
            raise DaemonUnreachable("the download ended too early")
        return found
