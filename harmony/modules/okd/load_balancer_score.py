"""LoadBalancerScore: what stands before an OKD cluster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Annotated, Protocol

import pydantic
from pydantic import Field
from typing_extensions import override

from harmony.domain.capability.installed_machines import InstalledMachines, MachineQuery
from harmony.domain.capability.load_balancer import (
    Frontends,
    LoadBalancer,
    ServerCondition,
    ServerQuery,
    ServerState,
)
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Many, Score
from harmony.domain.topology import Topology
from harmony.modules.okd.balancing import Entrance, Member, first_boots, frontends
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.place import place_of, refused
from inventory.site import Site


class BalancedTopology(Topology, LoadBalancer, InstalledMachines, Protocol):
    """A place that shares connections out, and knows in what state its machines are."""


@pydantic.dataclasses.dataclass(frozen=True)
class LoadBalancerScore(Score[BalancedTopology]):
    """The API (6443), the machine configurations (22623) and ingress (80, 443) of `cluster` answer at these
    addresses. Without `bootstrap`, which it is declared with until bootstrapping is complete, that machine
    drains and leaves. 22623 is open to machines in their first boot alone."""

    cluster: str
    api_addresses: Annotated[Many[str], Field(min_length=1)]
    ingress_addresses: Annotated[Many[str], Field(min_length=1)]
    control_plane: Annotated[Many[Host], Field(min_length=1)]
    workers: Many[Host] = ()
    bootstrap: Host | None = None

    @property
    def hosts(self) -> tuple[Host, ...]:
        own = () if self.bootstrap is None else (self.bootstrap,)
        return (*own, *self.control_plane, *self.workers)

    @override
    def key(self) -> str:
        return f"load-balancer/{self.cluster}"

    @override
    def interpret(self) -> Interpret[BalancedTopology]:
        return LoadBalancerInterpret(self.key(), self.entrance())

    def upkeep(self) -> Interpret[BalancedTopology]:
        """The same again: who is in its first boot changes."""
        return self.interpret()

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return (*_unaddressed(self), *_no_addresses(self), *_twice(self))

    def entrance(self) -> Entrance:
        """Of hosts that have an address; `check` has findings about the others."""
        return Entrance(
            self.cluster,
            tuple(self.api_addresses),
            tuple(self.ingress_addresses),
            tuple(map(_member, self.control_plane)),
            tuple(map(_member, self.workers)),
            None if self.bootstrap is None else _member(self.bootstrap),
        )


@dataclass(frozen=True, slots=True)
class LoadBalancerInterpret(Interpret[BalancedTopology]):
    """Done when it is served: servers come up as the cluster does, which waits for this. Who knows from the
    cluster that bootstrapping is complete runs it as `without_bootstrap` from then on."""

    owner: str
    entrance: Entrance

    @property
    def without_bootstrap(self) -> LoadBalancerInterpret:
        return replace(self, entrance=replace(self.entrance, bootstrap=None))

    @override
    async def execute(self, topology: BalancedTopology) -> Outcome:
        one = self.entrance
        names = tuple(member.name for member in (*one.control_plane, *one.workers))
        machines = await topology.observe_machines(MachineQuery(names))
        wanted = frontends(one, first_boots(one, machines))
        change = await topology.ensure_frontends(Frontends(self.owner, wanted))
        query = ServerQuery(tuple(frontend.name for frontend in wanted))
        seen = await topology.observe_servers(query)
        return Outcome.done(f"connections to {one.cluster} are shared out", (change,), _down(seen))


def _down(seen: tuple[ServerCondition, ...]) -> tuple[str, ...]:
    return tuple(
        f"{one.frontend}/{one.server} is {one.state}{f' ({one.reason})' if one.reason else ''}"
        for one in seen
        if one.state is not ServerState.UP
    )


def _member(host: Host) -> Member:
    return Member(host.name, host.address or "")


def _unaddressed(score: LoadBalancerScore) -> Iterator[Diagnostic]:
    for host in score.hosts:
        if host.address is None and not refused(host):
            yield Diagnostic(
                Code.NODE_WITHOUT_ADDRESS,
                f"host {host.name!r} has no address to send connections to",
                place_of(host) or place_of(score),
                "needs an address",
                help=(f'give it one: Host("{host.name}", address="…")',),
            )


def _twice(score: LoadBalancerScore) -> Iterator[Diagnostic]:
    times = Counter(host.name for host in score.hosts)
    for name in sorted(name for name, count in times.items() if count > 1):
        yield Diagnostic(
            Code.HOST_TWICE_IN_CLUSTER,
            f"host {name!r} is named twice",
            place_of(score),
            "has one host in two places",
            help=("the bootstrap machine is a worker only once it is no longer `bootstrap`",),
        )


def _no_addresses(score: LoadBalancerScore) -> Iterator[Diagnostic]:
    for argument in ("api_addresses", "ingress_addresses"):
        for written in getattr(score, argument):
            if not _is_address(written):
                yield Diagnostic(
                    Code.INVALID_OKD_NETWORK,
                    f"{written!r} is no address to listen at",
                    place_of(score, argument),
                    "not an address",
                    help=("an address of the load balancer, such as 10.7.0.5",),
                )


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True
