"""A line for whoever watches; what is to be kept is in the table and the JSON."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
