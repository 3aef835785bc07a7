"""BareMetalSite: real machines in a real rack; what `provisioner serve` runs on."""

from __future__ import annotations

from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords
from harmony.domain.outcome import Change, Outcome
from harmony.infra.dynamic_dns.server import DynamicDns
from harmony.topologies.served_site import ServedSite, SiteAdapters
from inventory.contribution import DnsRecord
from inventory.errors import PeerError


class BareMetalSite(ServedSite):
    """Its power adapter is the declared way of each host (`harmony.infra.declared_power`). Names are
    given by the name server that the site declares, if there is one: a lab has only its daemon's."""

    kind = "bare-metal site"

    def __init__(self, adapters: SiteAdapters, names: DynamicDns | None = None) -> None:
        super().__init__(adapters)
        self._names = names

    @override
    async def ensure_ready(self) -> Outcome:
        """A name server that is away keeps no machine from booting: what is wanted there no more goes at
        the next start."""
        served = await super().ensure_ready()
        if self._names is None:
            return served
        try:
            change = await self._names.ensure_owners()
        except PeerError as away:
            return Outcome.done(served.message, served.changes, (str(away),))
        return Outcome.done(served.message, (*served.changes, change))

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        if self._names is None:
            return await super().ensure_dns_records(spec)
        return await self._names.ensure_dns_records(spec)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        if self._names is None:
            return await super().observe_dns_records(query)
        return await self._names.observe_dns_records(query)
