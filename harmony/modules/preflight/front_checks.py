"""Where is knocked: the four ports by which a cluster is reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.preflight.check import Check, CheckKind
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.finding import Finding
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.fronts import Front, Knocked, Purpose, judge_front

Knock = Callable[[Front], Awaitable[Knocked]]


@dataclass(frozen=True, slots=True)
class FrontChecks:
    """`unheard_of` is a label that nobody has given to anything: a router answers for it all the same."""

    knock: Knock
    unheard_of: str

    def of_cluster(self, entrance: ClusterEntrance) -> Iterator[Check]:
        if entrance.balancer is Balancer.NODES:
            return
        api, health, who = entrance.api, Purpose.HEALTH, entrance.balancer
        yield self._check(
            catalogue.API_FRONT, Front(api, 6443, entrance.api_name, "/readyz", True, health), who
        )
        yield self._check(
            catalogue.CONFIG_FRONT,
            Front(api, 22623, entrance.api_int_name, "/healthz", True, health),
            who,
        )
        if entrance.ingress is not None:
            app = f"{self.unheard_of}.{entrance.apps_domain}"
            yield self._check(
                catalogue.HTTP_FRONT, _router(entrance.ingress, 80, app, tls=False), who
            )
            yield self._check(
                catalogue.HTTPS_FRONT, _router(entrance.ingress, 443, app, tls=True), who
            )

    def _check(self, kind: CheckKind, front: Front, balancer: Balancer) -> Check:
        async def look() -> Finding:
            return judge_front(front, await self.knock(front), balancer)

        return Check(kind, str(front), look)


def _router(address: IPv4Address, port: int, host: str, *, tls: bool) -> Front:
    return Front(address, port, host, "/", tls, Purpose.ROUTER)
