"""What a power cut leaves, by lines as strace writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.durable_disk import DurableDisk
from tests.peers.system_calls import calls_in

pytestmark = pytest.mark.unit

STATE = Path("/state")


def told(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


FILE = f"7<{told('/state/log')}>"


def write(text: str) -> str:
    return f'12 1.5 write({FILE}, "{told(text)}", {len(text)}) = {len(text)}'


def left_of(folder: Path, *lines: str) -> dict[str, str]:
    disk = DurableDisk(STATE)
    for call in calls_in(list(lines)):
        disk.follow(call)
    disk.restore(folder)
    return {file.name: file.read_text() for file in folder.iterdir()}


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ((write("a"),), {}),
        ((write("a"), f"12 1.5 fdatasync({FILE}) = 0"), {"log": "a"}),
        ((write("a"), f"12 1.5 fdatasync({FILE}) = 0", write("b")), {"log": "a"}),
        ((write("a"), f"12 1.5 fdatasync({FILE}) = -1 EIO (Input/output error)"), {}),
        ((write("a"), f"12 1.5 fdatasync({FILE} <unfinished ...>"), {}),
        (
            (
                write("a"),
                f"13 1.5 fdatasync({FILE} <unfinished ...>",
                write("b"),
                "13 1.5 <... fdatasync resumed>) = 0",
            ),
            {"log": "a"},
        ),
        (
            (
                f'12 1.5 pwrite64({FILE}, "{told("ab")}", 2, 0) = 2',
                f'12 1.5 pwrite64({FILE}, "{told("c")}", 1, 3) = 1',
                f"12 1.5 fsync({FILE}) = 0",
            ),
            {"log": "ab\0c"},
        ),
        (
            (
                write("abc"),
                f"12 1.5 ftruncate({FILE}, 1) = 0",
                write("d"),
                f"12 1.5 fsync({FILE}) = 0",
            ),
            {"log": "ad"},
        ),
        (
            (
                write("a"),
                f"12 1.5 fsync({FILE}) = 0",
                f'12 1.5 rename("{told("/state/log")}", "{told("/state/new")}") = 0',
            ),
            {"new": "a"},
        ),
        (
            (write("a"), f"12 1.5 fsync({FILE}) = 0", f'12 1.5 unlink("{told("/state/log")}") = 0'),
            {},
        ),
    ],
)
def test_what_is_left(tmp_path: Path, lines: tuple[str, ...], left: dict[str, str]) -> None:
    assert left_of(tmp_path, *lines) == left
