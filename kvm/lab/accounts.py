"""Lines of /etc/passwd and /etc/group, as passwd(5) and group(5) have them; pure."""

from __future__ import annotations


def with_account(text: str, entry: str) -> str:
    """`text` with `entry` at its end, unless an account of that name is there already."""
    name = entry.partition(":")[0]
    if any(line.partition(":")[0] == name for line in text.splitlines()):
        return text
    separator = "" if text.endswith("\n") or not text else "\n"
    return f"{text}{separator}{entry}\n"
