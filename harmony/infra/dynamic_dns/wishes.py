"""What an owner's records come to in each zone: A records, and the PTRs that follow from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.infra.dynamic_dns.claim import TOO_LONG_TTL, Claim, Kind, place_of
from harmony.infra.errors import ContributionRefusedError
from inventory.codes import Code
from inventory.contribution import DnsRecord
from inventory.diagnostic import Diagnostic
from inventory.name_server import zone_of
from inventory.text import ipv4_address, is_dns_name

LONGEST_NAME = 253
REVERSE = "in-addr.arpa"


@dataclass(frozen=True, slots=True)
class Wishes:
    """Of one owner. `claims` by zone and name; `without_pointer` are the addresses whose PTR would be in
    a zone that isn't there."""

    claims: Mapping[str, Mapping[str, Claim]]
    without_pointer: tuple[str, ...] = ()


def wishes_of(owner: str, records: Iterable[DnsRecord], zones: Sequence[str]) -> Wishes:
    """The PTR of an address is the first record given for it, beside those that say so; a wildcard has none,
    as in the daemon.

    Raises ContributionRefusedError for what can't be served.
    """
    given = tuple(records)
    claims: dict[str, dict[str, Claim]] = {zone: {} for zone in zones}
    for record in given:
        _judge(owner, record)
        zone = zone_of(record.name, zones)
        if zone is None or is_reverse(zone):
            raise _unservable(
                owner,
                f"{record.name} is in none of the zones that are declared for this name server "
                f"({', '.join(zones)})",
                "declare its zone, or take the name out",
            )
        _add(claims[zone], record.name, _claim(owner, "A", record.ttl, record.address))
    without = tuple(_add_pointers(owner, given, claims))
    return Wishes(claims, without)


def is_reverse(zone: str) -> bool:
    return zone == REVERSE or zone.endswith(f".{REVERSE}")


def _add_pointers(
    owner: str, records: Iterable[DnsRecord], claims: Mapping[str, dict[str, Claim]]
) -> Iterable[str]:
    """Adds them; yields the addresses that can't have one."""
    wished: dict[str, list[DnsRecord]] = {}
    for record in records:
        before = wished.setdefault(record.address, [])
        if not record.name.startswith("*.") and (record.reverse or not before):
            before.append(record)
    for address, its in wished.items():
        pointer = IPv4Address(address).reverse_pointer
        zone = zone_of(pointer, claims)
        if zone is None and its:
            yield address
        elif zone is not None:
            for record in its:
                _add(claims[zone], pointer, _claim(owner, "PTR", record.ttl, record.name))


def _add(claims: dict[str, Claim], name: str, one: Claim) -> None:
    """All records of a name have one TTL (RFC 2181, 5.2): the smallest that is wanted."""
    before = claims.get(name, one)
    ttl = min(before.ttl, one.ttl)
    claims[name] = Claim(one.owner, one.kind, ttl, before.values | one.values)


def _claim(owner: str, kind: Kind, ttl: int, value: str) -> Claim:
    return Claim(owner, kind, ttl, frozenset((value,)))


def _judge(owner: str, record: DnsRecord) -> None:
    if problem := _problem(owner, record):
        rule = "names are full and in lower case, and only their first part may be *"
        raise _unservable(owner, problem, rule)


def _unservable(owner: str, problem: str, help: str) -> ContributionRefusedError:
    words = f"{owner} wants a DNS record that can't be served: {problem}"
    finding = Diagnostic(Code.INVALID_RECORD, words, help=(help,))
    return ContributionRefusedError(words, (finding,))


def _problem(owner: str, record: DnsRecord) -> str:
    if not is_dns_name(record.name.removeprefix("*.")):
        return f"{record.name!r} is not a name"
    if len(place_of(record.name)) > LONGEST_NAME:
        return f"{record.name} leaves no room for the claim to it, at _harmony.{record.name}"
    if str(ipv4_address(record.address)) != record.address:
        return f"{record.name} leads to {record.address!r}, which is not an IPv4 address"
    if not 0 <= record.ttl < TOO_LONG_TTL:
        return f"{record.name} has the TTL {record.ttl}"
    if not _claim(owner, "A", record.ttl, record.address).fits:
        return f"the name of its owner is too long for a claim to {record.name}"
    return ""
