"""The merge of all contributions: what the daemon serves. Contributions that collide are refused before
anything changes, so a merge never has to choose."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inventory.codes import Code
from inventory.contribution import Artifact, Contribution, DnsRecord, Installation, Ramdisk
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.site import Site
from inventory.text import ipv4_address, is_dns_name

SITE_OWNER = "site"
_MASK = "sha256:"


@dataclass(frozen=True, slots=True)
class Desired:
    """Everything that is wanted. `artifacts` by digest, `installations` by host name."""

    site: Site | None = None
    records: tuple[DnsRecord, ...] = ()
    ramdisk: Ramdisk | None = None
    installations: Mapping[str, Installation] = field(default_factory=dict[str, Installation])
    artifacts: Mapping[str, Artifact] = field(default_factory=dict[str, Artifact])
    _by_name: dict[str, Host] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {host.name: host for host in reversed(self.hosts)}
        object.__setattr__(self, "_by_name", by_name)

    @property
    def hosts(self) -> tuple[Host, ...]:
        return () if self.site is None else tuple(self.site.hosts)

    def host(self, name: str | None) -> Host | None:
        return None if name is None else self._by_name.get(name)


def merge(contributions: Iterable[Contribution]) -> Desired:
    """The merge; the contributions don't collide."""
    ordered = sorted(contributions, key=lambda contribution: contribution.owner)
    artifacts = {artifact.sha256: artifact for one in ordered for artifact in artifacts_of(one)}
    records = dict.fromkeys(record for one in ordered for record in one.records)
    return Desired(
        site=next((one.site for one in ordered if one.site is not None), None),
        records=tuple(records),
        ramdisk=next((one.ramdisk for one in ordered if one.ramdisk is not None), None),
        installations={wish.host: wish for one in ordered for wish in one.installations},
        artifacts=artifacts,
    )


def artifacts_of(contribution: Contribution) -> Iterator[Artifact]:
    """Every file the contribution wants served."""
    yield from contribution.artifacts
    if contribution.ramdisk is not None:
        yield contribution.ramdisk.kernel
        yield contribution.ramdisk.initrd
    for installation in contribution.installations:
        yield installation.image


def collisions(contributions: Sequence[Contribution]) -> tuple[Diagnostic, ...]:
    """Where contributions want different things, every one of them; empty if they go together."""
    return (
        *_foreign_sites(contributions),
        *_colliding_ramdisks(contributions),
        *_colliding_installations(contributions),
        *_colliding_records(contributions),
    )


def _foreign_sites(contributions: Sequence[Contribution]) -> Iterator[Diagnostic]:
    for one in contributions:
        brings = "a site" if one.site is not None else "owners" if one.owners is not None else ""
        if brings and one.owner != SITE_OWNER:
            yield Diagnostic(
                Code.SITE_OF_ANOTHER_OWNER,
                f"{one.owner} brings {brings}, which only the owner {SITE_OWNER!r} may",
            )


def _colliding_ramdisks(contributions: Sequence[Contribution]) -> Iterator[Diagnostic]:
    having = [one for one in contributions if one.ramdisk is not None]
    for one in having[1:]:
        if one.ramdisk != having[0].ramdisk:
            yield Diagnostic(
                Code.COLLIDING_RAMDISKS,
                f"{having[0].owner} and {one.owner} bring different ramdisks",
                help=("one of them has to go: machines boot one ramdisk",),
            )


def _colliding_installations(contributions: Sequence[Contribution]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Installation]] = {}
    for one in contributions:
        for wish in one.installations:
            owner, wanted = first.setdefault(wish.host, (one.owner, wish))
            if wanted != wish:
                yield Diagnostic(
                    Code.COLLIDING_INSTALLATIONS,
                    f"{owner} and {one.owner} want {wish.host} installed differently",
                    notes=(f"{owner}: {wanted.image.name}", f"{one.owner}: {wish.image.name}"),
                    help=(f"a host has one system: take {wish.host} out of one of them",),
                )


def _colliding_records(contributions: Sequence[Contribution]) -> Iterator[Diagnostic]:
    """One owner may give a name several addresses; two owners must give it the same ones."""
    first: dict[str, tuple[str, frozenset[str]]] = {}
    for one in contributions:
        given: defaultdict[str, set[str]] = defaultdict(set)
        for name, address in _host_names(one.site):
            given[name].add(address)
        for record in one.records:
            given[record.name].add(record.address)
        for name, addresses in given.items():
            owner, before = first.setdefault(name, (one.owner, frozenset(addresses)))
            if before != frozenset(addresses):
                yield Diagnostic(
                    Code.COLLIDING_RECORDS,
                    f"{owner} and {one.owner} give {name} different addresses",
                    notes=(
                        f"{owner}: {', '.join(sorted(before))}",
                        f"{one.owner}: {', '.join(sorted(addresses))}",
                    ),
                    help=("a name belongs to one of them: use another name in the other",),
                )


def _host_names(site: Site | None) -> Iterator[tuple[str, str]]:
    """The names that the site itself gives to addresses."""
    if site is not None and site.domain:
        for host in site.hosts:
            if host.address is not None:
                yield f"{host.name}.{site.domain}", host.address


def invalid_records(contribution: Contribution) -> Iterator[Diagnostic]:
    """Those that can't be served. One that is stored nevertheless is in nobody's way."""
    for record in contribution.records:
        if problem := problem_of_record(record):
            yield Diagnostic(
                Code.INVALID_RECORD,
                f"{contribution.owner} wants a DNS record that can't be served: {problem}",
                help=("names are full and in lower case, and only their first part may be *",),
            )


def problem_of_record(record: DnsRecord) -> str:
    """What is wrong with it; empty if nothing is. A wildcard is `*` and a full name (RFC 4592)."""
    if not is_dns_name(record.name.removeprefix("*.")):
        return f"{record.name!r} is not a name"
    if ipv4_address(record.address) is None:
        return f"{record.name} leads to {record.address!r}, which is not an IPv4 address"
    if not 0 <= record.ttl < 2**31:
        return f"{record.name} has the TTL {record.ttl}"
    return ""


def ignition_digest(text: str) -> str:
    """The sha256, in hex, of the config's bytes as they are served."""
    return hashlib.sha256(text.encode()).hexdigest()


def masked(contribution: Contribution) -> Contribution:
    """The contribution with every Ignition text replaced by its digest."""
    installations = tuple(
        replace(wish, ignition=_MASK + ignition_digest(wish.ignition))
        for wish in contribution.installations
    )
    return replace(contribution, installations=installations)


def masked_digest(installation: Installation) -> str:
    """The digest that stands in a masked installation."""
    return installation.ignition.removeprefix(_MASK)
