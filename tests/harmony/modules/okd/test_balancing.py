from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.load_balancer import (
    Balance,
    Frontend,
    HealthCheck,
    Server,
    ServerCondition,
    ServerState,
)
from harmony.modules.okd.balancing import (
    Entrance,
    Member,
    bootstrap_leaves,
    first_boots,
    frontends,
)
from inventory.machine_state import MachineState

pytestmark = pytest.mark.unit

BOOTSTRAP = Member("bootstrap", "10.7.0.9")
CP1, CP2 = Member("cp1", "10.7.0.11"), Member("cp2", "10.7.0.12")
W1 = Member("w1", "10.7.0.21")
HOME = Entrance("home", ("10.7.0.5",), ("10.7.0.6",), (CP1, CP2), (W1,), BOOTSTRAP)


def servers(port: int, *members: Member) -> tuple[Server, ...]:
    return tuple(Server(one.name, one.address, port) for one in members)


def test_all_of_it() -> None:
    router = HealthCheck("/healthz/ready", tls=False, port=1936)
    assert frontends(HOME, ["10.7.0.11", "10.7.0.11"]) == (
        Frontend(
            "home-api",
            ("10.7.0.5",),
            6443,
            servers(6443, BOOTSTRAP, CP1, CP2),
            HealthCheck("/readyz", tls=True),
        ),
        Frontend(
            "home-machine-config",
            ("10.7.0.5",),
            22623,
            servers(22623, BOOTSTRAP, CP1, CP2),
            HealthCheck("/healthz", tls=True, seconds=2),
            sources=("10.7.0.11",),
        ),
        Frontend("home-http", ("10.7.0.6",), 80, servers(80, W1), router, Balance.SOURCE),
        Frontend("home-https", ("10.7.0.6",), 443, servers(443, W1), router, Balance.SOURCE),
    )


def test_compact_and_past_its_bootstrap() -> None:
    compact = replace(HOME, workers=(), bootstrap=None)
    found = [tuple(server.name for server in one.servers) for one in frontends(compact, ())]
    assert found == [("cp1", "cp2")] * 4


def test_the_most_secret_door_is_closed_when_nobody_is_in_its_first_boot() -> None:
    door = frontends(HOME, ())[1]
    assert (door.port, door.sources) == (22623, ())


def test_dead_members_are_out_within_30_seconds() -> None:
    """The first bad answer comes an interval late, and each takes 3 s; the others come every second."""
    for one in frontends(HOME, ()):
        assert one.health.seconds + one.health.fall * (3 + 1) < 30


STATES = st.sampled_from([None, *MachineState])


@given(st.dictionaries(st.sampled_from(["bootstrap", "cp1", "cp2", "w1", "stranger"]), STATES))
def test_only_members_in_their_first_boot(states: dict[str, MachineState | None]) -> None:
    machines = [MachineCondition(name, state) for name, state in states.items()]
    assert first_boots(HOME, machines) == tuple(
        one.address for one in (CP1, CP2, W1) if states.get(one.name) is MachineState.INSTALLED
    )


SEEN = tuple(
    ServerCondition(door, server, ServerState.UP, 0)
    for door in ("home-api", "home-machine-config")
    for server in ("bootstrap", "cp1")
)


@pytest.mark.parametrize(
    ("complete", "removed", "seen", "leaves"),
    [
        (True, True, SEEN, True),
        (False, True, SEEN, False),
        (True, False, SEEN, False),
        (True, True, (), False),
        (True, True, SEEN[:2], False),
        (True, True, tuple(one for one in SEEN if one.server == "bootstrap"), False),
        (True, True, tuple(replace(one, state=ServerState.DOWN) for one in SEEN), False),
        (True, True, tuple(replace(one, state=ServerState.DRAIN) for one in SEEN), False),
    ],
)
def test_when_the_bootstrap_machine_leaves(
    complete: bool, removed: bool, seen: tuple[ServerCondition, ...], leaves: bool
) -> None:
    assert bootstrap_leaves(HOME, complete, removed, seen) is leaves
