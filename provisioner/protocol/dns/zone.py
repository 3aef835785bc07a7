"""What the DNS server is authoritative for, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from inventory.contribution import DnsRecord


def normal_name(name: str) -> str:
    """A name as zones keep it: lower case, without the last dot."""
    return name.rstrip(".").lower()


@dataclass(frozen=True, slots=True)
class Zones:
    """Build it with `Zones.of`. `domains` are the apexes of the forward zones; `subnets` are those
    whose reverse names are ours; `server_name` stands in SOA and NS."""

    domains: tuple[str, ...]
    subnets: tuple[IPv4Network, ...]
    server_name: str
    addresses: Mapping[str, tuple[DnsRecord, ...]]
    pointers: Mapping[IPv4Address, DnsRecord]

    @classmethod
    def of(
        cls,
        *,
        domains: Iterable[str],
        records: Iterable[DnsRecord],
        subnets: Iterable[IPv4Network],
        server_name: str,
    ) -> Zones:
        """Zones out of A records; the PTR of an address is its first record that isn't an alias
        of a service, which is the first one given.

        A record outside every domain is served all the same, as a zone that is just its name:
        claiming its parent would hide names that are somebody else's.
        """
        addresses: dict[str, tuple[DnsRecord, ...]] = {}
        pointers: dict[IPv4Address, DnsRecord] = {}
        for record in records:
            name = normal_name(record.name)
            if record not in addresses.get(name, ()):
                addresses[name] = (*addresses.get(name, ()), record)
            pointers.setdefault(IPv4Address(record.address), record)
        return cls(
            domains=tuple(normal_name(domain) for domain in domains),
            subnets=tuple(subnets),
            server_name=normal_name(server_name),
            addresses=addresses,
            pointers=pointers,
        )
