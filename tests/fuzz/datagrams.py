"""Several datagrams in one input of the fuzzer: each behind its length, in two bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_LENGTH = struct.Struct("!H")


def joined(datagrams: Iterable[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(datagram)) + datagram for datagram in datagrams)


def parted(data: bytes) -> list[bytes]:
    """Of any bytes at all; the last datagram may be shorter than its length says."""
    datagrams: list[bytes] = []
    while len(data) >= _LENGTH.size:
        end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
        datagrams.append(data[_LENGTH.size : end])
        data = data[end:]
    return datagrams
