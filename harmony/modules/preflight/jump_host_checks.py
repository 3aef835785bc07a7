"""What of the jump host is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, success
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.jump_host import (
    Card,
    Listener,
    Room,
    judge_network,
    judge_ports,
    judge_room,
)
from inventory.network import Network
from inventory.site import Site


@dataclass(frozen=True, slots=True)
class JumpHostChecks:
    """`needed` are bytes that have to be free, by folder; `is_serving` says whether the site's daemon
    runs here: the ports are its own then."""

    cards: Sequence[Card]
    needed: Mapping[str, int]
    room: Callable[[str], Awaitable[Room]]
    listeners: Callable[[], Awaitable[Sequence[Listener]]]
    is_serving: bool

    def of_site(self, site: Site) -> Iterator[Check]:
        for network in site.networks:
            if not network.is_relayed:
                yield self._network(network)
        for folder, needed in self.needed.items():
            yield self._disk(folder, needed)
        yield self._ports(site)

    def _network(self, network: Network) -> Check:
        async def look() -> Finding:
            return judge_network(network, self.cards)

        return Check(catalogue.JUMP_HOST_NETWORK, network.name, look)

    def _disk(self, folder: str, needed: int) -> Check:
        async def look() -> Finding:
            return judge_room(await self.room(folder), needed)

        return Check(catalogue.JUMP_HOST_DISK, folder, look)

    def _ports(self, site: Site) -> Check:
        async def look() -> Finding:
            if self.is_serving:
                return success("the site's daemon runs here and has its ports", {"taken": ()})
            return judge_ports(site, await self.listeners())

        return Check(catalogue.JUMP_HOST_PORTS, "", look)
