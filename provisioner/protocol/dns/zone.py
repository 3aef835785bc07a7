"""What the DNS server is authoritative for, as one value, and which of its names answers for another
one (RFC 1034, 4.3.2 and 4.3.3; RFC 4592)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Protocol

from typing_extensions import override

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.name import (
    WILDCARD,
    Labels,
    address_of_reverse_name,
    and_above,
    is_reverse,
    is_wildcard,
    labels_of,
    reverse_apexes,
    reverse_name,
)


class LeasedNames(Protocol):
    """The addresses that hosts without a declared one have now."""

    def address_of(self, host: str) -> IPv4Address | None: ...

    def host_at(self, address: IPv4Address) -> str | None: ...


class NoLeases(LeasedNames):
    """Nobody has leased anything."""

    @override
    def address_of(self, host: str) -> IPv4Address | None:
        return None

    @override
    def host_at(self, address: IPv4Address) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Zones:
    """Build it with `Zones.of`. `domain` is where hosts have their names; `apexes` are those of all
    zones, and `parts` the subnets whose names alone are ours, by the apex of the zone; `hosts` are the
    names of those that have a leased address or none; `existing` has every name that anything is known
    of and every name above one."""

    domain: Labels
    apexes: frozenset[Labels]
    parts: Mapping[Labels, tuple[IPv4Network, ...]]
    server_name: Labels
    addresses: Mapping[Labels, tuple[DnsRecord, ...]]
    pointers: Mapping[Labels, tuple[DnsRecord, ...]]
    hosts: Mapping[Labels, str]
    existing: frozenset[Labels]

    @classmethod
    def of(
        cls,
        *,
        domains: Iterable[str],
        records: Iterable[DnsRecord],
        subnets: Iterable[IPv4Network],
        server_name: str,
        hosts: Iterable[str] = (),
    ) -> Zones:
        """Zones out of A records. The PTR of an address is the first record given for it, beside those
        that say so: give a host's own name before the names of services on it. `hosts` are those whose
        address is known by their lease alone; the first domain is theirs.

        A record outside every domain is served all the same, as a zone that is just its name:
        claiming its parent would hide names that are somebody else's. A wildcard can't but do that.
        """
        apexes = [labels_of(domain) for domain in domains]
        domain = apexes[0] if apexes else ()
        leased = {(*labels_of(host), *domain): host for host in hosts}
        addresses, pointers = _by_name(records)
        parts = _parts(subnets)
        known = (*addresses, *pointers, *leased)
        under = frozenset((*apexes, *parts))
        lone = (_zone_of(name) for name in known if not under.intersection(and_above(name)))
        return cls(
            domain=domain,
            apexes=under.union(lone),
            parts={apex: subnets for apex, subnets in parts.items() if subnets},
            server_name=labels_of(server_name),
            addresses=addresses,
            pointers=pointers,
            hosts=leased,
            existing=frozenset(above for name in known for above in and_above(name)),
        )

    def apex_of(self, name: Labels) -> Labels | None:
        """The apex of the zone of ours that the name is in; None if it is in none."""
        for apex in and_above(name):
            if apex in self.apexes and self._is_in(name, apex):
                return apex
        return None

    def answering(self, name: Labels, apex: Labels, leased: LeasedNames) -> Labels | None:
        """The name whose records answer for this one: itself if it exists, be it without records; else
        the wildcard just below its closest encloser, the nearest name above it that exists (RFC 4592,
        3.3.1). None if there is none: the name doesn't exist."""
        if name == apex or self._exists(name, leased):
            return name
        for encloser in and_above(name[1:]):
            if encloser == apex or self._exists(encloser, leased):
                source = (WILDCARD, *encloser)
                return source if source in self.addresses else None
        return None

    def _is_in(self, name: Labels, apex: Labels) -> bool:
        """Reverse zones end at the dots; of a subnet that doesn't, its own names only are ours."""
        parts = self.parts.get(apex)
        if parts is None or name == apex or name in self.pointers:
            return True
        address = address_of_reverse_name(name)
        return address is not None and any(address in subnet for subnet in parts)

    def _exists(self, name: Labels, leased: LeasedNames) -> bool:
        """Names between a reverse zone's apex and its addresses do: who asks for them on the way down
        would take it from their absence that nothing is below (RFC 8020)."""
        if name in self.existing:
            return True
        if not is_reverse(name):
            return False
        address = address_of_reverse_name(name)
        if address is None:
            return len(name) < len(reverse_name(IPv4Address(0)))
        return leased.host_at(address) is not None


def _by_name(
    records: Iterable[DnsRecord],
) -> tuple[dict[Labels, tuple[DnsRecord, ...]], dict[Labels, tuple[DnsRecord, ...]]]:
    """The records of each name, and each address's own. What is no record is passed over: nothing that
    was stored once may stop the others."""
    addresses: dict[Labels, tuple[DnsRecord, ...]] = {}
    pointers: dict[Labels, tuple[DnsRecord, ...]] = {}
    for record in records:
        name = labels_of(record.name)
        try:
            address = IPv4Address(record.address)
        except AddressValueError:
            continue
        if record not in addresses.get(name, ()):
            addresses[name] = (*addresses.get(name, ()), record)
        if not is_wildcard(name):
            reverse = reverse_name(address)
            before = pointers.get(reverse, ())
            if not before or (record.reverse and record.name not in {one.name for one in before}):
                pointers[reverse] = (*before, record)
    return addresses, pointers


def _parts(subnets: Iterable[IPv4Network]) -> dict[Labels, tuple[IPv4Network, ...]]:
    """By the apex of each reverse zone the subnets that are parts of it; none where all of it is
    ours."""
    parts: dict[Labels, tuple[IPv4Network, ...]] = {}
    for subnet in subnets:
        for apex in reverse_apexes(subnet):
            small = (*parts.get(apex, ()), subnet)
            parts[apex] = small if subnet.prefixlen > 24 else ()
    return parts


def _zone_of(name: Labels) -> Labels:
    return name[1:] if is_wildcard(name) else name
