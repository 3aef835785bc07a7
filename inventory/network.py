"""A network: one broadcast domain, one IPv4 subnet, one interface of the jump host in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network

from inventory.declared import Declared
from inventory.dhcp_option import DhcpOption, Route
from inventory.tuples import freeze


class Clients(StrEnum):
    """Whom DHCP gives an address: KNOWN are declared hosts, what boots over the network, and what had
    an address of this network before; ANY is every client there."""

    KNOWN = "known"
    ANY = "any"


KNOWN = Clients.KNOWN
ANY = Clients.ANY


class Dhcp(StrEnum):
    """What the jump host does on a network: SERVER gives addresses; PROXY leaves that to a DHCP server
    that the site has, and tells what boots over the network what to boot (ProxyDHCP)."""

    SERVER = "server"
    PROXY = "proxy"


PROXY = Dhcp.PROXY

Addresses = str | tuple[str, str]


@dataclass(frozen=True)
class Network(Declared):
    """`interface` and `address` are the jump host's; `pool` is the first and last address leased to
    machines without a reservation, without those of `exclude`: addresses, or the first and last of
    several; `gateway`, `dns` and `ntp` default to the jump host's address where a machine can't do
    without one (DNS) and to nothing otherwise; `lease_time` in seconds. `authoritative`: no other
    DHCP server is here, so that any client that claims a wrong address may be told so (RFC 2131,
    4.3.2). `search` are domains in which machines look for short names; `routes` go out beside the
    gateway; `captive_portal` is a URL (RFC 8910); `options` are any others, by number.
    `tftp_single_port` sends files from port 69 too, for a firewall that lets no other port through.

    A network that the jump host is not in is reached by `relays`, the addresses that its DHCP relays
    name as theirs (giaddr): its `interface` and `address` are then those of the network that the relays'
    packets come in by, and its `gateway` is the machines' way to it."""

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
    clients: Clients = Clients.KNOWN
    authoritative: bool = False
    exclude: tuple[Addresses, ...] | list[Addresses] = ()
    search: tuple[str, ...] | list[str] = ()
    routes: tuple[Route, ...] | list[Route] = ()
    captive_portal: str | None = None
    options: tuple[DhcpOption, ...] | list[DhcpOption] = ()
    tftp_single_port: bool = False
    relays: tuple[str, ...] | list[str] = ()
    dhcp: Dhcp = Dhcp.SERVER

    def __post_init__(self) -> None:
        freeze(self, "dns", "ntp", "exclude", "search", "routes", "options", "relays")

    @property
    def ip_network(self) -> IPv4Network:
        """The subnet, parsed; ValueError if it isn't one (`check` says so first)."""
        return IPv4Network(self.subnet)

    @property
    def ip_address(self) -> IPv4Address:
        return IPv4Address(self.address)

    @property
    def is_relayed(self) -> bool:
        """Whether the jump host is not in it itself."""
        return bool(self.relays)

    def is_behind(self, other: Network) -> bool:
        """Whether its relays reach the jump host by the other network."""
        same = self.interface == other.interface and self.address == other.address
        return same and self.is_relayed and not other.is_relayed

    @property
    def excluded(self) -> tuple[tuple[str, str], ...]:
        """First and last of each excluded range."""
        return tuple((one, one) if isinstance(one, str) else one for one in self.exclude)
