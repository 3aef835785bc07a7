"""Which names are looked up, and what each has to come to: from the declaration alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from harmony.domain.preflight.check import Check, CheckKind
from harmony.domain.preflight.entrance import ClusterEntrance
from harmony.domain.preflight.finding import Finding, not_applicable
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.name_answer import NameAnswer, Resolver
from harmony.modules.preflight.names import Made, judge_address, judge_no_wildcard, judge_reverse
from inventory.site import Site


class RecordType(StrEnum):
    A = "A"
    PTR = "PTR"


Ask = Callable[[Sequence[str], RecordType], Awaitable[Sequence[NameAnswer]]]
"""Asks every name server of the nodes for each of the names, all at once: one answer each."""


@dataclass(frozen=True, slots=True)
class NameChecks:
    """`unheard_of` is a label that nobody has given to anything; `by_scores` are the names that Scores
    will make, `by_daemon` those that the daemon has of its own."""

    ask: Ask
    unheard_of: str
    by_scores: frozenset[str] = frozenset()
    by_daemon: frozenset[str] = frozenset()

    def of_cluster(self, entrance: ClusterEntrance) -> Iterator[Check]:
        api, api_int = entrance.api_name, entrance.api_int_name
        yield self._forward(catalogue.API_NAME, api, entrance.api, api, api)
        yield self._forward(catalogue.API_INT_NAME, api_int, entrance.api, api_int, api_int)
        yield self._reverse(catalogue.API_REVERSE, [api], entrance.api, api, alone=False)
        yield self._reverse(
            catalogue.API_INT_REVERSE, [api_int], entrance.api, api_int, alone=False
        )
        if entrance.ingress is not None:
            asked = f"{self.unheard_of}.{entrance.apps_domain}"
            wildcard = f"*.{entrance.apps_domain}"
            yield self._forward(catalogue.APPS_NAME, asked, entrance.ingress, wildcard, wildcard)
        domains = [one for one in (entrance.domain, entrance.base_domain) if one]
        yield self._no_wildcard(entrance.domain, domains)

    def of_hosts(self, site: Site, entrances: Sequence[ClusterEntrance]) -> Iterator[Check]:
        """A host has a name in its cluster's domain, and one in the site's."""
        for host in site.hosts:
            theirs = (one.domain for one in entrances if host.name in one.hosts)
            domains = [domain for domain in (*theirs, site.domain) if domain]
            if not domains or host.address is None:
                yield _nothing(catalogue.HOST_NAME, host.name, host.address)
                yield _nothing(catalogue.HOST_REVERSE, host.name, host.address)
                continue
            names, address = [f"{host.name}.{one}" for one in domains], IPv4Address(host.address)
            yield self._forward(catalogue.HOST_NAME, names[0], address, names[0], host.name)
            yield self._reverse(catalogue.HOST_REVERSE, names, address, host.name, alone=True)

    def _forward(
        self, kind: CheckKind, name: str, address: IPv4Address, record: str, subject: str
    ) -> Check:
        made = self._made(record)

        async def look() -> Finding:
            return judge_address(await self.ask([name], RecordType.A), address, record, made)

        return Check(kind, subject, look)

    def _reverse(
        self,
        kind: CheckKind,
        names: Sequence[str],
        address: IPv4Address,
        subject: str,
        *,
        alone: bool,
    ) -> Check:
        made = self._made(*names)

        async def look() -> Finding:
            answers = await self.ask([address.reverse_pointer], RecordType.PTR)
            return judge_reverse(answers, address, names, made, alone=alone)

        return Check(kind, subject, look)

    def _made(self, *names: str) -> Made:
        by_scores = not self.by_scores.isdisjoint(names)
        by_daemon = not self.by_daemon.isdisjoint(names)

        def made(resolver: Resolver) -> bool:
            return (by_scores and (resolver.is_ours or resolver.is_fed)) or (
                by_daemon and resolver.is_ours
            )

        return made

    def _no_wildcard(self, subject: str, domains: Sequence[str]) -> Check:
        async def look() -> Finding:
            names = [f"{self.unheard_of}.{domain}" for domain in domains]
            return judge_no_wildcard(await self.ask(names, RecordType.A))

        return Check(catalogue.NO_WILDCARD, subject, look)


def resolvers_of(site: Site) -> tuple[Resolver, ...]:
    """The name servers that DHCP tells the site's machines of: those of each network, else the jump
    host's own."""
    own = {network.address for network in site.networks}
    fed = site.name_server.address if site.name_server else None
    told = (server for one in site.networks for server in (one.dns or (one.address,)))
    return tuple(Resolver(IPv4Address(one), one in own, one == fed) for one in dict.fromkeys(told))


def _nothing(kind: CheckKind, subject: str, address: str | None) -> Check:
    why = "it has no name in any domain" if address else "no address is declared for it"

    async def look() -> Finding:
        return not_applicable(why)

    return Check(kind, subject, look)


def names_of_hosts(site: Site) -> frozenset[str]:
    """The daemon has them of its own."""
    return frozenset(f"{host.name}.{site.domain}" for host in site.hosts if site.domain)
