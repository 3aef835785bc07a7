"""A network: one broadcast domain, one IPv4 subnet, one interface of the jump host in it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from inventory.declared import Declared
from inventory.tuples import freeze


@dataclass(frozen=True)
class Network(Declared):
    """`interface` and `address` are the jump host's; `pool` is the first and last address leased to
    machines without a reservation; `gateway`, `dns` and `ntp` default to the jump host's address
    where a machine can't do without one (DNS) and to nothing otherwise; `lease_time` in seconds."""

    name: str
    subnet: str
    interface: str
    address: str
    pool: tuple[str, str] | None = None
    gateway: str | None = None
    dns: tuple[str, ...] | list[str] = ()
    ntp: tuple[str, ...] | list[str] = ()
    mtu: int | None = None
    lease_time: int = 3600

    def __post_init__(self) -> None:
        freeze(self, "dns", "ntp")

    @property
    def ip_network(self) -> IPv4Network:
        """The subnet, parsed; ValueError if it isn't one (`check` says so first)."""
        return IPv4Network(self.subnet)

    @property
    def ip_address(self) -> IPv4Address:
        return IPv4Address(self.address)
