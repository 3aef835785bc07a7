"""Which time servers are asked: those that DHCP tells the site's machines of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, not_applicable
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.clocks import TimeAnswer, judge_jump_host, judge_server
from inventory.site import Site

AskTime = Callable[[Sequence[IPv4Address]], Awaitable[Sequence[TimeAnswer]]]
"""One answer each."""


@dataclass(frozen=True, slots=True)
class ClockChecks:
    ask: AskTime

    def of_site(self, site: Site) -> Iterator[Check]:
        told = dict.fromkeys(one for network in site.networks for one in network.ntp)
        servers = [IPv4Address(one) for one in told]
        if not servers:
            yield Check(catalogue.NTP_SERVER, "", _none)
        for server in servers:
            yield self._server(server)
        yield self._jump_host(servers)

    def _server(self, server: IPv4Address) -> Check:
        async def look() -> Finding:
            (answer,) = await self.ask([server])
            return judge_server(answer)

        return Check(catalogue.NTP_SERVER, str(server), look)

    def _jump_host(self, servers: Sequence[IPv4Address]) -> Check:
        async def look() -> Finding:
            return judge_jump_host(await self.ask(servers)) if servers else await _none()

        return Check(catalogue.JUMP_HOST_TIME, "", look)


async def _none() -> Finding:
    return not_applicable("no network tells its machines of a time server: Network(ntp=[…])")
