"""A program's system calls as strace tells them: each with its begin and its end, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TRACED = (
    "openat,rename,renameat,renameat2,unlink,unlinkat,ftruncate,write,writev,pwrite64,pwritev,pwritev2,"
    "fsync,fdatasync,sendto,sendmsg,sendmmsg"
)
_LINE = re.compile(r"(\d+) +(\d+\.\d+) (?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FILE = re.compile(r"\d+<((?:\\x[0-9a-f]{2})*)>")
_UNFINISHED = " <unfinished ...>"


def traced(log: Path) -> tuple[str, ...]:
    """What runs a command so that `calls_in` can read its calls. A byte is always told as `\\x2f`."""
    shown = ("-f", "-ttt", "--seccomp-bpf", "-y", "-xx", "-s", "100000", "-e", f"trace={_TRACED}")
    return ("strace", *shown, "-o", str(log))


@dataclass(frozen=True, slots=True)
class Call:
    """`text` is what is between the call's name and its end. Of one call both moments are told: at its
    begin what it will do is in the text, but not what it came to. `at` is in epoch seconds."""

    thread: str
    at: float
    name: str
    text: str
    is_over: bool

    @property
    def result(self) -> int:
        """Of one that is over; -1 for every failure, and for one that was cut off."""
        found = re.search(r"\) += (-?\d+)[^)]*$", self.text)
        return int(found[1]) if found is not None else -1

    @property
    def file(self) -> str:
        """The path of the file that the first argument is open on."""
        found = _FILE.match(self.text)
        return _bytes(found[1]).decode() if found is not None else ""

    @property
    def strings(self) -> list[bytes]:
        """All of its arguments that are bytes, whole."""
        found = list(_STRING.finditer(self.text))
        assert not any(one[2] for one in found), f"strace has cut {self.name}{self.text[-200:]}"
        return [_bytes(one[1]) for one in found]

    @property
    def last_number(self) -> int:
        """The last argument, if it is a number."""
        found = re.search(r", (\d+)\) += ", self.text)
        assert found is not None, self.text[-200:]
        return int(found[1])


def calls_in(lines: list[str]) -> Iterator[Call]:
    """A call that others ran beside is told in two lines, each in its place."""
    begun: dict[str, str] = {}
    for line in lines:
        found = _LINE.match(line)
        if found is None:  # a signal, or the end of a thread
            continue
        thread, time, resumed, name, text = found.groups()
        at = float(time)
        if resumed is not None:
            yield Call(thread, at, resumed, begun.pop(thread, "") + text, is_over=True)
            continue
        begun[thread] = text.removesuffix(_UNFINISHED)
        yield Call(thread, at, name, begun[thread], is_over=False)
        if not text.endswith(_UNFINISHED):
            yield Call(thread, at, name, text, is_over=True)


def _bytes(told: str) -> bytes:
    return bytes.fromhex(told.replace("\\x", ""))
