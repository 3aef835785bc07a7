"""The other DHCP servers of one network, and whether addresses are withheld because of them.

No address is handed out before a probe has found no other DHCP server: from the start to the first answer,
and while a server that was there at the start is. One that appears later only takes the unknown clients.
Where boot information alone is given, beside such a server, nothing is withheld.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.network import Dhcp, Network
from provisioner.protocol.dhcp.event import DhcpEvent
from provisioner.serve import foreign_dhcp
from provisioner.serve.errors import ForeignDhcpServerPresent
from provisioner.serve.foreign_dhcp import ForeignServer, Probing


class OtherServers:
    def __init__(
        self, network: Network, probing: Probing, on_event: Callable[[DhcpEvent], None]
    ) -> None:
        self._network = network
        self._probing = probing
        self._on_event = on_event
        self._is_beside = network.dhcp is Dhcp.PROXY
        self.known: frozenset[ForeignServer] = frozenset()
        self._addresses: frozenset[IPv4Address] = frozenset()
        self._withholds = not self._is_beside

    def presence(self) -> tuple[frozenset[IPv4Address], bool]:
        """Their addresses, and whether addresses are withheld."""
        return self._addresses, self._withholds

    @property
    def withheld(self) -> str:
        """Why no address is handed out; empty while they are."""
        if not self._withholds:
            return ""
        if not self.known:
            return "it isn't known yet whether another DHCP server is there"
        servers = ", ".join(map(str, sorted(self.known)))
        return f"another DHCP server was there first: {servers}"

    def begin_anew(self) -> None:
        """The wire is another one: it isn't known what is there."""
        self._withholds = not self._is_beside

    async def require_none(self) -> None:
        """Raises ForeignDhcpServerPresent if another DHCP server answers here."""
        if self._is_beside:
            return
        network = self._network
        found = await foreign_dhcp.probe(network.interface, network.ip_address, self._probing.wait)
        if found:
            raise ForeignDhcpServerPresent(
                f"another DHCP server answers on {network.interface}: {', '.join(map(str, found))};"
                " addresses are handed out by one server only"
            )
        self._withholds = False

    async def watch(self) -> None:
        """Probe until cancelled."""
        network = self._network
        await foreign_dhcp.watch(
            network.interface, network.ip_address, self._probing, self._found, self._on_event
        )

    def _found(self, servers: frozenset[ForeignServer]) -> None:
        self.known = servers
        self._addresses = frozenset(server.address for server in servers)
        if not servers:
            self._withholds = False
