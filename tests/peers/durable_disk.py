"""What of a folder would be there after a power cut, by the system calls of the program that writes it:
what it wrote before an fsync or fdatasync of the same file that has returned, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.system_calls import Call

_WRITES_AT = ("pwrite64", "pwritev", "pwritev2")
_WRITES = ("write", "writev")
_SYNCS = ("fsync", "fdatasync")
_RENAMES = ("rename", "renameat", "renameat2")
_UNLINKS = ("unlink", "unlinkat")


@dataclass
class DurableDisk:
    """Fed with all calls in their order. `version` grows whenever more is durable. SQLite's shared memory
    is no part of it: it is made anew."""

    folder: Path
    version: int = 0
    _written: dict[str, bytearray] = field(default_factory=dict[str, bytearray])
    _durable: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _syncing: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def follow(self, call: Call) -> None:
        if call.name in _RENAMES + _UNLINKS:
            self._names_changed(call)
        elif Path(call.file).parent == self.folder and not call.file.endswith("-shm"):
            self._file_changed(call)

    def restore(self, folder: Path) -> None:
        """Write what is durable into an empty folder."""
        for name, content in self._durable.items():
            (folder / Path(name).name).write_bytes(content)

    def _file_changed(self, call: Call) -> None:
        content = self._written.setdefault(call.file, bytearray())
        if call.name in _SYNCS:
            self._synced(call)
        elif not call.is_over or call.result < 0:
            return
        elif call.name == "ftruncate":
            size = call.last_number
            content[:] = content[:size].ljust(size, b"\0")
        elif call.name in _WRITES_AT + _WRITES:
            at = call.last_number if call.name in _WRITES_AT else len(content)
            data = b"".join(call.strings)[: call.result]
            content.extend(bytes(max(0, at + len(data) - len(content))))
            content[at : at + len(data)] = data

    def _synced(self, call: Call) -> None:
        """It covers what was written before it began."""
        if not call.is_over:
            self._syncing[call.thread] = bytes(self._written[call.file])
        elif call.result == 0:
            self._durable[call.file] = self._syncing.pop(call.thread)
            self.version += 1

    def _names_changed(self, call: Call) -> None:
        if not call.is_over or call.result < 0:
            return
        names = [str(self.folder / name.decode()) for name in call.strings]
        written, durable = self._written.pop(names[0], None), self._durable.pop(names[0], None)
        if call.name in _RENAMES and written is not None:
            self._written[names[1]] = written
        if call.name in _RENAMES and durable is not None:
            self._durable[names[1]] = durable
