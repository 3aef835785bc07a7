"""A DNS server that the site has already, and that takes the names of its clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.declared import Declared
from inventory.tuples import freeze


@dataclass(frozen=True)
class NameServer(Declared):
    """The primary of `zones`, such as `home.example` and `7.10.in-addr.arpa`, which takes dynamic updates
    and zone transfers that are signed with a key. `key` is the name of a secret that holds it as
    `tsig-keygen` writes it."""

    address: str
    zones: tuple[str, ...] | list[str]
    key: str
    port: int = 53

    def __post_init__(self) -> None:
        freeze(self, "zones")


def zone_of(name: str, zones: Iterable[str]) -> str | None:
    """The nearest zone at or above the name."""
    above = [zone for zone in zones if name == zone or name.endswith(f".{zone}")]
    return max(above, key=len, default=None)
