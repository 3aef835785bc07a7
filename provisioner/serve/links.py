"""The machine's network interfaces as the kernel has them (pyroute2)."""

from __future__ import annotations

from ipaddress import IPv4Address


def require_address(interface: str, address: IPv4Address) -> None:
    """Whether the interface exists, is up and has the address: InterfaceMissing, InterfaceDown or
    InterfaceLacksAddress (each says what is there instead) is raised when not."""
    raise NotImplementedError
