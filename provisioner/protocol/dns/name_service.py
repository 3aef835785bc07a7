"""What a DNS server goes by at the moment, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from provisioner.protocol.dns.zone import LeasedNames, NoLeases, Zones

_NO_LEASES = NoLeases()


@dataclass(frozen=True, slots=True)
class NameService:
    """`clients` are the networks whose queries are answered; `forwarders` are asked in their order for
    what isn't in the zones, which is refused if there is none."""

    zones: Zones
    clients: tuple[IPv4Network, ...]
    forwarders: tuple[IPv4Address, ...] = ()
    leased: LeasedNames = _NO_LEASES

    def is_for(self, client: IPv4Address) -> bool:
        """Whether the client is of the site. Anybody else could only be up to no good (RFC 5358)."""
        return any(client in network for network in self.clients)
