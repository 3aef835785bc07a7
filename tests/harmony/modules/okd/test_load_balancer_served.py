"""The Score on a real HAProxy, which stands with a cluster's machines on a wire of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from typing_extensions import override

from bench.peers.unpacked import unpacked
from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.load_balancer import (
    Frontends,
    LoadBalancer,
    ServerCondition,
    ServerQuery,
    ServerState,
)
from harmony.domain.outcome import Change, Outcome
from harmony.infra.haproxy.load_balancer import HaproxyLoadBalancer
from harmony.modules.okd.load_balancer_score import LoadBalancerScore
from inventory.host import Host
from inventory.machine_state import MachineState
from provisioner.cli.places import cache_folder
from tests.harmony.infra.haproxy.balanced import process, until
from tests.harmony.infra.haproxy.tls_server import TlsServer, fetched, listening
from tests.namespaces import NetworkNamespace, segment

pytestmark = pytest.mark.protocol

BALANCER = "10.7.0.5"
ADDRESSES = {"bootstrap": "10.7.0.9", "cp1": "10.7.0.11", "w1": "10.7.0.21"}
BOOTSTRAP, CP1, W1 = (Host(name, address=address) for name, address in ADDRESSES.items())
SCORE = LoadBalancerScore("home", [BALANCER], [BALANCER], [CP1], [W1], BOOTSTRAP)


@dataclass
class Room(LoadBalancer, InstalledMachines):
    """A real load balancer; machines are in the state that a test says."""

    balancer: HaproxyLoadBalancer
    stations: dict[str, NetworkNamespace]
    states: dict[str, MachineState] = field(default_factory=dict[str, MachineState])

    def describe(self) -> str:
        return "room"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    @override
    async def ensure_frontends(self, spec: Frontends) -> Change:
        return await self.balancer.ensure_frontends(spec)

    @override
    async def observe_servers(self, query: ServerQuery) -> tuple[ServerCondition, ...]:
        return await self.balancer.observe_servers(query)

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        raise NotImplementedError

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        return tuple(MachineCondition(name, self.states.get(name)) for name in query.hosts)

    def carry_out(self, score: LoadBalancerScore = SCORE) -> Outcome:
        return asyncio.run(score.interpret().execute(self))

    def up(self) -> set[tuple[str, str]]:
        seen = asyncio.run(self.balancer.observe_servers(ServerQuery()))
        return {(one.frontend, one.server) for one in seen if one.state is ServerState.UP}

    def fetched_by(self, name: str, port: int) -> str | None:
        """Who answered that machine; None if it was not let in."""
        try:
            return self.stations[name].call(
                lambda: fetched(port, source=ADDRESSES[name], at=BALANCER)
            )
        except OSError:
            return None


@pytest.fixture
def room(tmp_path: Path) -> Generator[Room]:
    with ExitStack() as stack:
        wire = stack.enter_context(segment())
        front = wire.station("eth0", f"{BALANCER}/24")
        stations = {name: wire.station("eth0", f"{at}/24") for name, at in ADDRESSES.items()}
        masters, ingress = ("bootstrap", "cp1"), TlsServer("w1", health="/none")
        for name in masters:
            for port, health in ((6443, "/readyz"), (22623, "/healthz")):
                place = (ADDRESSES[name], port)
                stack.enter_context(listening(TlsServer(name, health), place, stations[name]))
        stack.enter_context(listening(ingress, (ADDRESSES["w1"], 443), stations["w1"]))
        router = TlsServer("w1", "/healthz/ready", tls=False)
        stack.enter_context(listening(router, (ADDRESSES["w1"], 1936), stations["w1"]))
        program = unpacked("haproxy", cache_folder()).command("usr/sbin/haproxy")
        inside = ("nsenter", "--net", "--target", str(front.pid))
        balancer = HaproxyLoadBalancer(tmp_path / "lb", (*inside, *program))
        stack.callback(balancer.supervisor.stop)
        yield Room(balancer, stations)


EVERYTHING = {
    *(("home-api", name) for name in ("bootstrap", "cp1")),
    *(("home-machine-config", name) for name in ("bootstrap", "cp1")),
    *(("home-http", "w1"), ("home-https", "w1")),
}


def test_a_clusters_life(room: Room) -> None:
    assert room.carry_out().changed
    until(lambda: room.up() == EVERYTHING)
    before = process(room.balancer)
    assert not room.carry_out().changed
    assert room.fetched_by("w1", 6443) in {"bootstrap", "cp1"}
    assert room.fetched_by("cp1", 443) == "w1"
    assert room.fetched_by("cp1", 22623) is None

    room.states["cp1"] = MachineState.INSTALLED
    assert room.carry_out().changed
    assert room.fetched_by("cp1", 22623) in {"bootstrap", "cp1"}
    assert room.fetched_by("w1", 22623) is None

    room.states = {"cp1": MachineState.READY, "w1": MachineState.INSTALLED}
    assert room.carry_out(replace(SCORE, bootstrap=None)).changed
    assert room.fetched_by("cp1", 22623) is None
    assert {room.fetched_by("w1", 22623) for _ in range(4)} == {"cp1"}
    assert {room.fetched_by("w1", 6443) for _ in range(4)} == {"cp1"}

    room.states["w1"] = MachineState.READY
    assert room.carry_out(replace(SCORE, bootstrap=None)).changed
    assert [room.fetched_by(name, 22623) for name in ADDRESSES] == [None, None, None]
    assert not room.carry_out(replace(SCORE, bootstrap=None)).changed
    assert process(room.balancer) == before
