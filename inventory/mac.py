"""The MAC address, in the one spelling the project uses: lower case, colons."""

from __future__ import annotations

import re

_TWELVE_HEX = re.compile(r"[0-9a-f]{12}")


def normal_mac(written: str) -> str:
    """The usual spelling of a MAC address written in any of the field's spellings.

    Takes `52:54:00:07:00:11`, `52-54-…`, `5254.0007.0011` and bare digits.
    Raises ValueError for anything else.
    """
    digits = re.sub(r"[:.\-]", "", written.strip().lower())
    if not _TWELVE_HEX.fullmatch(digits):
        raise ValueError(f"{written!r} is not a MAC address")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
