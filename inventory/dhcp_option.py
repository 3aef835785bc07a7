"""What DHCP tells machines besides addresses: routes, and any option by its number."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.declared import Declared
from inventory.tuples import freeze

_FORMATS = {1: "!B", 2: "!H", 4: "!I"}


@dataclass(frozen=True)
class Route(Declared):
    """Packets to `destination`, a subnet, go to `gateway`."""

    destination: str
    gateway: str


@dataclass(frozen=True)
class DhcpOption(Declared):
    """One option, by its IANA number, with one value: a `text`, `addresses`, a `number` of `size` bytes
    (1, 2 or 4), or bytes in `hex`."""

    code: int
    text: str | None = None
    addresses: tuple[str, ...] | list[str] = ()
    number: int | None = None
    size: int = 1
    hex: str | None = None

    def __post_init__(self) -> None:
        freeze(self, "addresses")

    @property
    def values(self) -> int:
        """How many of the ways to say a value are used; `check` wants one."""
        return sum(
            (
                self.text is not None,
                bool(self.addresses),
                self.number is not None,
                self.hex is not None,
            )
        )

    @property
    def value(self) -> bytes:
        """As it is on the wire; ValueError if it can't be (`check` says so first)."""
        if self.text is not None:
            return self.text.encode("ascii")
        if self.addresses:
            return b"".join(IPv4Address(address).packed for address in self.addresses)
        if self.number is not None:
            return _number(self.number, self.size)
        return bytes.fromhex((self.hex or "").replace(":", ""))


def _number(number: int, size: int) -> bytes:
    try:
        return struct.pack(_FORMATS[size], number)
    except (KeyError, struct.error):
        raise ValueError(f"{number} is no number of {size} bytes") from None
