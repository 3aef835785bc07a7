"""The machine's network interfaces as the kernel has them (pyroute2)."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Protocol, cast

import pyroute2  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from provisioner.serve.errors import InterfaceDown, InterfaceLacksAddress, InterfaceMissing

_IFF_UP = 1


class _NetlinkMessage(Protocol):
    """What we read of pyroute2's untyped messages."""

    def get_attr(self, name: str) -> object: ...
    def __getitem__(self, key: str) -> object: ...


class _RouteSocket(Protocol):
    """What we ask of pyroute2's untyped IPRoute."""

    def get_links(self) -> Iterable[_NetlinkMessage]: ...
    def get_addr(self, family: int) -> Iterable[_NetlinkMessage]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Interface:
    """`up` is what the administrator set, not whether a cable is in."""

    name: str
    up: bool
    addresses: tuple[IPv4Address, ...]


def interfaces() -> tuple[Interface, ...]:
    """Every interface of this network namespace."""
    route = cast(_RouteSocket, pyroute2.IPRoute())
    try:
        links = tuple(route.get_links())
        addresses = tuple(route.get_addr(family=socket.AF_INET))
    finally:
        route.close()
    return tuple(
        Interface(
            name=str(link.get_attr("IFLA_IFNAME")),
            up=bool(cast(int, link["flags"]) & _IFF_UP),
            addresses=tuple(
                IPv4Address(str(address.get_attr("IFA_LOCAL") or address.get_attr("IFA_ADDRESS")))
                for address in addresses
                if address["index"] == link["index"]
            ),
        )
        for link in links
    )


def require_address(interface: str, address: IPv4Address) -> None:
    """Returns when the interface exists, is up and has the address. Raises InterfaceMissing,
    InterfaceDown or InterfaceLacksAddress when not; each says in one line what is there instead."""
    present = interfaces()
    found = next((each for each in present if each.name == interface), None)
    if found is None:
        names = ", ".join(sorted(each.name for each in present))
        raise InterfaceMissing(f"interface {interface} doesn't exist here; there are: {names}")
    if address not in found.addresses:
        has = ", ".join(str(each) for each in found.addresses) or "no IPv4 address"
        raise InterfaceLacksAddress(
            f"interface {interface} doesn't have the address {address}; it has {has}"
        )
    if not found.up:
        raise InterfaceDown(f"interface {interface} is down (ip link set {interface} up)")
