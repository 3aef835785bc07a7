"""What happened to a TFTP transfer, as values for the boot log."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class FileSent:
    """The client has acknowledged the last block. `duration` in seconds, `resent` in packets."""

    peer: IPv4Address
    path: str
    size: int
    duration: float
    resent: int


@dataclass(frozen=True, slots=True)
class FileMissing:
    """Answered with ERROR 1 at once. Usual for names that firmware tries."""

    peer: IPv4Address
    path: str


@dataclass(frozen=True, slots=True)
class SizeProbed:
    """The client asked for the size and broke off, as boot ROMs do before the real transfer."""

    peer: IPv4Address
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class TransferFailed:
    """The client went silent or broke off after `sent` of `size` bytes; `port` is our transfer port
    (a firewall that blocks it is the usual cause when `sent` is 0)."""

    peer: IPv4Address
    path: str
    port: int
    sent: int
    size: int
    problem: str


@dataclass(frozen=True, slots=True)
class TftpRequestRefused:
    """A write, an unknown mode, or bytes that are no request."""

    peer: IPv4Address
    problem: str


TftpEvent: TypeAlias = FileSent | FileMissing | SizeProbed | TransferFailed | TftpRequestRefused
