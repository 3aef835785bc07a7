"""What server and client have agreed on for one transfer."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_BLOCK_SIZE = 512


@dataclass(frozen=True, slots=True)
class Terms:
    """`granted` is the OACK's content, in the order asked; empty means that there is no OACK.
    `timeout` is in seconds, None where the client left it to us."""

    granted: tuple[tuple[str, str], ...] = ()
    block_size: int = DEFAULT_BLOCK_SIZE
    window: int = 1
    timeout: int | None = None
