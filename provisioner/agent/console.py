"""What a person at the machine's screen or serial line sees."""

from __future__ import annotations

import os
from pathlib import Path

ACTIVE = Path("/sys/class/tty/console/active")


def say(text: str) -> None:
    """One line on every console the kernel was given; one that can't be written to is left out."""
    for name in ACTIVE.read_text().split():
        try:
            with Path("/dev", name).open("wb", buffering=0) as console:
                console.write(f"harmony: {text}\r\n".encode())
        except OSError:
            continue


def kernel_log_tail(lines: int, log: Path = Path("/dev/kmsg")) -> tuple[str, ...]:
    """The kernel's last messages (time in seconds and text), for the evidence of a failure."""
    found: list[str] = []
    try:
        with log.open("rb", buffering=0) as messages:
            os.set_blocking(messages.fileno(), False)
            while record := messages.read(8192):
                found.append(_readable(record))
    except OSError:
        pass
    return tuple(found[-lines:])


def _readable(record: bytes) -> str:
    prefix, _, text = record.decode("utf-8", "replace").partition(";")
    fields = prefix.split(",")
    seconds = int(fields[2]) / 1e6 if len(fields) > 2 and fields[2].isdigit() else 0.0
    return f"[{seconds:.3f}] {text.splitlines()[0] if text else ''}"
