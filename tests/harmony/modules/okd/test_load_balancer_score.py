from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace

import pytest
from typing_extensions import override

from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.load_balancer import (
    Frontend,
    Frontends,
    LoadBalancer,
    ServerCondition,
    ServerQuery,
    ServerState,
)
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Change, Outcome
from harmony.modules.okd.load_balancer_score import LoadBalancerInterpret, LoadBalancerScore
from inventory.codes import Code
from inventory.host import Host
from inventory.machine_state import MachineState
from inventory.site import Site
from tests.harmony.idempotence import assert_idempotent

pytestmark = pytest.mark.unit

BOOTSTRAP, CP1 = Host("bootstrap", address="10.7.0.9"), Host("cp1", address="10.7.0.11")
W1 = Host("w1", address="10.7.0.21")
SCORE = LoadBalancerScore("home", ["10.7.0.5"], ["10.7.0.6"], [CP1], [W1], BOOTSTRAP)
SITE = Site("home", networks=[], hosts=[BOOTSTRAP, CP1, W1])


@dataclass
class Room(LoadBalancer, InstalledMachines):
    """Every server is up but those that are `down`."""

    states: dict[str, MachineState] = field(default_factory=dict[str, MachineState])
    down: set[str] = field(default_factory=set[str])
    served: dict[str, tuple[Frontend, ...]] = field(default_factory=dict[str, tuple[Frontend, ...]])
    writes: list[str] = field(default_factory=list[str])

    def describe(self) -> str:
        return "room"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    @override
    async def ensure_frontends(self, spec: Frontends) -> Change:
        if self.served.get(spec.owner) == spec.frontends:
            return Change(False, "served")
        self.served[spec.owner] = spec.frontends
        self.writes.append(spec.owner)
        return Change(True, "served")

    @override
    async def observe_servers(self, query: ServerQuery) -> tuple[ServerCondition, ...]:
        (frontends,) = self.served.values()
        assert query.frontends == tuple(one.name for one in frontends)
        return tuple(
            ServerCondition(one.name, server.name, ServerState.DOWN, 0, "Connection refused")
            if server.name in self.down
            else ServerCondition(one.name, server.name, ServerState.UP, 0)
            for one in frontends
            for server in one.servers
        )

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        raise NotImplementedError

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        return tuple(MachineCondition(name, self.states.get(name)) for name in query.hosts)

    def door(self) -> tuple[str, ...] | None:
        (frontends,) = self.served.values()
        return frontends[1].sources


def test_second_run_changes_nothing() -> None:
    outcome = assert_idempotent(Room(), SCORE)
    assert outcome.message == "connections to home are shared out"


def test_who_is_not_up_is_told() -> None:
    outcome = asyncio.run(SCORE.interpret().execute(Room(down={"w1"})))
    assert outcome.details == (
        "home-http/w1 is down (Connection refused)",
        "home-https/w1 is down (Connection refused)",
    )


def test_the_door_follows_the_machines() -> None:
    room = Room()
    assert_idempotent(room, SCORE)
    assert room.door() == ()
    room.states = {"cp1": MachineState.INSTALLED, "w1": MachineState.INSTALLING}
    assert asyncio.run(SCORE.upkeep().execute(room)).changed
    assert room.door() == ("10.7.0.11",)
    room.states = {"cp1": MachineState.READY, "w1": MachineState.INSTALLED}
    assert asyncio.run(SCORE.upkeep().execute(room)).changed
    assert room.door() == ("10.7.0.21",)
    room.states["w1"] = MachineState.READY
    assert asyncio.run(SCORE.upkeep().execute(room)).changed
    assert room.door() == ()
    assert not asyncio.run(SCORE.upkeep().execute(room)).changed


def test_without_its_bootstrap() -> None:
    room = Room()
    interpret = SCORE.interpret()
    assert isinstance(interpret, LoadBalancerInterpret)
    asyncio.run(interpret.execute(room))
    assert asyncio.run(interpret.without_bootstrap.execute(room)).changed
    later = replace(SCORE, bootstrap=None)
    assert not asyncio.run(later.interpret().execute(room)).changed


FAULTS = {
    Code.NODE_WITHOUT_ADDRESS: replace(SCORE, workers=[Host("w2")]),
    Code.INVALID_OKD_NETWORK: replace(SCORE, api_addresses=["api.home.example"]),
    Code.HOST_TWICE_IN_CLUSTER: replace(SCORE, workers=[BOOTSTRAP]),
}


@pytest.mark.parametrize(("code", "score"), FAULTS.items(), ids=[*FAULTS])
def test_it_judges_itself(code: Code, score: LoadBalancerScore) -> None:
    assert [one.code for one in score.check(SITE)] == [code]


def test_nothing_to_say() -> None:
    assert SCORE.check(SITE) == ()


def test_json_there_and_back() -> None:
    document = json.loads(json.dumps(to_document(SCORE)))
    assert from_document(document, (LoadBalancerScore,)) == SCORE
