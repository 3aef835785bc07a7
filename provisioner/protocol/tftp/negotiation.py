"""What server and client agree on before a transfer (RFC 2347, 2348 block size, 2349 time-out and
size, 7440 window)."""

from __future__ import annotations

from provisioner.protocol.tftp.packet import Options
from provisioner.protocol.tftp.terms import DEFAULT_BLOCK_SIZE, Terms

_BLOCK_SIZES = range(8, 65_465)
_TIMEOUTS = range(1, 11)
"""Seconds. RFC 2349 allows up to 255, with which a client that has gone would keep its place for half an
hour; it goes by our own waits then."""
_WINDOWS = range(1, 65_536)
_LARGEST_WINDOW = 64
"""More doesn't speed up a boot, and one lost packet costs a whole window."""
_HEADERS = 20 + 8 + 4
"""IPv4, UDP and TFTP."""


def largest_block(mtu: int) -> int:
    """Bytes of a file that go into one unfragmented packet on a path of this MTU."""
    return max(_BLOCK_SIZES.start, min(mtu - _HEADERS, _BLOCK_SIZES.stop - 1))


def negotiate(asked: Options, size: int, largest: int) -> Terms:
    """The terms of a read of `size` bytes. Options that are unknown, repeated or out of
    range are passed over, as RFC 2347 has it; `largest`, in bytes, keeps packets within the
    path's MTU."""
    granted: dict[str, int] = {}
    for name, text in asked:
        value = _granted(name, text, size, largest)
        if value is not None and name not in granted:
            granted[name] = value
    return Terms(
        granted=tuple((name, str(value)) for name, value in granted.items()),
        block_size=granted.get("blksize", DEFAULT_BLOCK_SIZE),
        window=granted.get("windowsize", 1),
        timeout=granted.get("timeout"),
    )


def _granted(name: str, text: str, size: int, largest: int) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        return None
    value = int(text)
    if name == "blksize" and value in _BLOCK_SIZES:
        return min(value, largest)
    if name == "timeout" and value in _TIMEOUTS:
        return value
    if name == "windowsize" and value in _WINDOWS:
        return min(value, _LARGEST_WINDOW)
    return size if name == "tsize" else None
