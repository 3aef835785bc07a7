"""What the DNS server is authoritative for, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from inventory.contribution import DnsRecord

_REVERSE = ".in-addr.arpa"


def normal_name(name: str) -> str:
    """A name as zones keep it: lower case, without the last dot."""
    return name.rstrip(".").lower()


@dataclass(frozen=True, slots=True)
class Zones:
    """Build it with `Zones.of`. `domains` are the apexes of the forward zones; `subnets` are those
    whose reverse names are ours; `server_name` stands in SOA and NS; `existing` has every name with
    records and every name above one."""

    domains: tuple[str, ...]
    subnets: tuple[IPv4Network, ...]
    server_name: str
    addresses: Mapping[str, tuple[DnsRecord, ...]]
    pointers: Mapping[IPv4Address, DnsRecord]
    existing: frozenset[str]

    @classmethod
    def of(
        cls,
        *,
        domains: Iterable[str],
        records: Iterable[DnsRecord],
        subnets: Iterable[IPv4Network],
        server_name: str,
    ) -> Zones:
        """Zones out of A records. The PTR of an address is the first record given for it: give a
        host's own name before the names of services on it.

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
            existing=frozenset(above for name in addresses for above in _and_above(name)),
        )

    def apex_of(self, name: str) -> str | None:
        """The apex of the zone of ours that a normal name is in; None if it is in none."""
        above = [domain for domain in self.domains if _is_in(name, domain)]
        if above:
            return max(above, key=len)
        if name in self.addresses:
            return name
        return self._reverse_apex_of(name)

    def _reverse_apex_of(self, name: str) -> str | None:
        """Reverse zones end at the dots; of a subnet that doesn't, its own names only are ours."""
        address = address_of_reverse_name(name)
        for subnet in self.subnets:
            apex = reverse_apex(subnet)
            if name == apex or (address is not None and address in subnet):
                return apex
        return name if address is not None and address in self.pointers else None


def reverse_apex(subnet: IPv4Network) -> str:
    """`0.7.10.in-addr.arpa` for 10.7.0.0/24; the bytes that the prefix covers whole."""
    whole = str(subnet.network_address).split(".")[: subnet.prefixlen // 8]
    return ".".join([*reversed(whole), _REVERSE.lstrip(".")])


def address_of_reverse_name(name: str) -> IPv4Address | None:
    """The address whose PTR a normal name is; None for any other name."""
    if not name.endswith(_REVERSE):
        return None
    try:
        return IPv4Address(".".join(reversed(name.removesuffix(_REVERSE).split("."))))
    except AddressValueError:
        return None


def _is_in(name: str, apex: str) -> bool:
    return name == apex or name.endswith("." + apex)


def _and_above(name: str) -> Iterable[str]:
    labels = name.split(".")
    return (".".join(labels[at:]) for at in range(len(labels)))
