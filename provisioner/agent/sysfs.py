"""Reading /sys and /proc, where a file may be missing or refuse to be read at any time."""

from __future__ import annotations

from pathlib import Path


def read_text(path: Path) -> str:
    """The file's text without blanks around it; empty if it can't be read."""
    try:
        return path.read_bytes().decode("utf-8", "replace").strip(" \t\r\n\0")
    except OSError:
        return ""


def read_link_name(path: Path) -> str:
    """The last part of what a symbolic link points to; empty if there is none."""
    try:
        return path.readlink().name
    except OSError:
        return ""
