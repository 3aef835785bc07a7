"""What a person at the machine's screen or serial line sees."""

from __future__ import annotations

import os
from pathlib import Path

KERNEL_LOG = Path("/dev/kmsg")
RECORD_BYTES = 8192


def say(text: str, root: Path = Path("/")) -> None:
    """One line on every console the kernel was given; one that can't be written to is left out."""
    for name in (root / "sys/class/tty/console/active").read_text().split():
        try:
            with (root / "dev" / name).open("wb", buffering=0) as console:
                console.write(f"harmony: {text}\n".encode())
        except OSError:
            continue


def kernel_log_tail(lines: int, log: Path = KERNEL_LOG) -> tuple[str, ...]:
    """The kernel's last messages (time in seconds and text), for the evidence of a failure."""
    found: list[str] = []
    try:
        with log.open("rb", buffering=0) as messages:
            os.set_blocking(messages.fileno(), False)
            while record := messages.read(RECORD_BYTES):
                found.append(_readable(record))
    except OSError:
        pass  # records may be overwritten while they are read: what was read is good
    return tuple(found[-lines:])


def _readable(record: bytes) -> str:
    """`priority,number,microseconds,flags;text` (Documentation/ABI/testing/dev-kmsg)."""
    prefix, _, text = record.decode("utf-8", "replace").partition(";")
    fields = prefix.split(",")
    seconds = int(fields[2]) / 1e6 if len(fields) > 2 and fields[2].isdigit() else 0.0
    return f"[{seconds:.3f}] {text.partition(chr(10))[0]}"
