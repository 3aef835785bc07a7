"""Asks for an address, and takes none: who offers one is a DHCP server."""

from __future__ import annotations

from inventory.network import Network
from provisioner.serve import foreign_dhcp

_WAIT_SECONDS = 5.0
"""dnsmasq first pings for 3 s the address it is going to offer."""


async def others(network: Network) -> list[str]:
    """Raises SocketNotBound or InterfaceMissing."""
    found = await foreign_dhcp.probe(network.interface, network.ip_address, _WAIT_SECONDS)
    return [str(one) for one in found]
