"""What was asked of the DNS server, as values."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class QueryAnswered:
    """`result` is the answer code's name (NOERROR, NXDOMAIN, REFUSED …); `transport` "udp" or "tcp". Of
    a client whose queries have good answers one is told in a while: it is alive."""

    peer: IPv4Address
    name: str
    type: str
    result: str
    transport: str


@dataclass(frozen=True, slots=True)
class QueryMalformed:
    """Bytes that are no DNS query."""

    peer: IPv4Address
    problem: str


DnsEvent: TypeAlias = QueryAnswered | QueryMalformed
