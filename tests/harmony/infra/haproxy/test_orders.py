from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.capability.load_balancer import Frontend, Server
from harmony.infra.haproxy.configuration import server_words, weight_of
from harmony.infra.haproxy.orders import Order, orders
from harmony.infra.haproxy.running import Running, RunningServer, Session
from tests.harmony.infra.haproxy.frontends import DOOR, PLACE

pytestmark = pytest.mark.unit

AS_WANTED = Running(
    tuple(
        RunningServer("door", one.name, one.address, one.port, 0, weight_of(one), True)
        for one in DOOR.servers
    ),
    {"door": frozenset({"10.7.0.11", "10.7.0.12"})},
    (Session("0x1", "door", "10.7.0.11"), Session("0x2", "door", "::ffff:10.7.0.12")),
)
CP1, CP2 = AS_WANTED.servers
W1 = RunningServer("door", "w1", "10.7.0.21", 22623, 0, 1, True, 2)
FILE = "/state/sources-door"


def said(running: Running, *frontends: Frontend) -> list[str]:
    return [one.command for one in orders(running, frontends or (DOOR,), PLACE)]


def test_nothing_to_say() -> None:
    assert orders(AS_WANTED, (DOOR,), PLACE) == ()


def test_a_door_is_closed_before_it_is_opened() -> None:
    running = replace(
        AS_WANTED,
        sources={"door": frozenset({"10.7.0.11", "10.7.0.13"})},
        sessions=(Session("0x3", "door", "10.7.0.13"), Session("0x4", "web", "10.7.0.13")),
    )
    assert orders(running, (DOOR,), PLACE) == (
        Order(f"del acl {FILE} 10.7.0.13", what="door is closed to 10.7.0.13"),
        Order(
            "shutdown session 0x3",
            what="a session of 10.7.0.13 with door is ended",
            late="No such session",
        ),
        Order(f"add acl {FILE} 10.7.0.12", what="door is open to 10.7.0.12"),
    )


def test_one_spelling_is_as_good_as_another() -> None:
    running = replace(AS_WANTED, sources={"door": frozenset({"fd00::1"})}, sessions=())
    assert said(running, replace(DOOR, sources=("FD00:0::1",))) == []


def test_a_server_that_is_added_is_down_at_first() -> None:
    assert said(replace(AS_WANTED, servers=(CP2,))) == [
        f"add server door/{server_words(DOOR.servers[0], DOOR.health)}",
        "enable health door/cp1",
        "set server door/cp1 state ready; set server door/cp1 health down",
    ]


@pytest.mark.parametrize(
    ("there", "commands"),
    [
        (replace(CP1, weight=0), ["set server door/cp1 weight 1"]),
        (replace(CP1, admin=1), ["set server door/cp1 state ready"]),
        (
            replace(CP1, port=1),
            [
                "set server door/cp1 addr 10.7.0.11 port 22623",
                "set server door/cp1 health down; shutdown sessions server door/cp1",
            ],
        ),
        (replace(CP1, well=False), []),
    ],
)
def test_a_server_that_is_there(there: RunningServer, commands: list[str]) -> None:
    assert said(replace(AS_WANTED, servers=(there, CP2))) == commands


@pytest.mark.parametrize(
    ("there", "commands"),
    [
        (W1, ["set server door/w1 weight 0"]),
        (replace(W1, weight=0), []),
        (
            replace(W1, weight=0, sessions=0),
            ["set server door/w1 state maint", "del server door/w1"],
        ),
    ],
)
def test_one_that_is_wanted_no_longer(there: RunningServer, commands: list[str]) -> None:
    assert said(replace(AS_WANTED, servers=(*AS_WANTED.servers, there))) == commands


def test_what_is_obeyed() -> None:
    assert Order("set server").obeyed("")
    assert not Order("set server").obeyed("No such server.")
    assert Order("del server", "Server deleted").obeyed("Server deleted.")
    assert not Order("del server", "Server deleted").obeyed("")
    assert Order("shutdown session", late="No such session").obeyed("No such session (use …).")


NAMES = st.sampled_from(["a", "b", "c"])
SERVERS = st.dictionaries(NAMES, st.tuples(st.integers(1, 3), st.booleans())).map(
    lambda found: tuple(Server(name, "10.7.0.1", *rest) for name, rest in found.items())
)


@given(before=SERVERS, after=SERVERS, sessions=st.integers(0, 1))
def test_two_looks_are_enough(
    before: tuple[Server, ...], after: tuple[Server, ...], sessions: int
) -> None:
    """What is said, obeyed, leaves nothing to say but of those whose sessions go on."""
    servers = tuple(
        RunningServer("door", one.name, one.address, one.port, 0, weight_of(one), True, sessions)
        for one in before
    )
    running = replace(AS_WANTED, servers=servers)
    wanted = replace(DOOR, servers=after)
    for _ in range(2):
        running = obeyed(running, said(running, wanted), wanted)
    assert said(running, wanted) == []
    left = {one.name for one in running.servers} - {one.name for one in after}
    assert left == (
        {one.name for one in before} - {one.name for one in after} if sessions else set()
    )


def obeyed(running: Running, commands: list[str], wanted: Frontend) -> Running:
    there = {one.name: one for one in running.servers}
    for command in commands:
        words = command.split()
        name = words[2].partition("/")[2]
        if words[:2] == ["add", "server"]:
            one = next(server for server in wanted.servers if server.name == name)
            there[name] = RunningServer(
                "door", name, one.address, one.port, 0, weight_of(one), False
            )
        elif words[:2] == ["del", "server"]:
            del there[name]
        elif words[3:4] == ["weight"]:
            there[name] = replace(there[name], weight=int(words[4]))
        elif words[3:4] == ["addr"]:
            there[name] = replace(there[name], address=words[4], port=int(words[6]))
    return replace(running, servers=tuple(there.values()))
