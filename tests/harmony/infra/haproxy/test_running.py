"""Answers as HAProxy 2.6.12 gave them, shortened to a few columns."""

from __future__ import annotations

import pytest

from harmony.domain.capability.load_balancer import ServerCondition, ServerState
from harmony.infra.errors import ServiceRefusedError
from harmony.infra.haproxy.running import (
    RunningServer,
    Session,
    read_info,
    read_servers,
    read_sessions,
    read_sources,
)

pytestmark = pytest.mark.unit

STATES = """\
1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_port
3 api 1 a 127.0.0.1 0 0 1 1 17001
3 api 2 b fd00::2 2 0 0 0 17002
"""
STATISTICS = """\
# pxname,svname,scur,status,check_code,last_chk,check_desc,
api,a,0,DOWN,503,"Service, Unavailable",Layer7 wrong status,
api,b,7,DRAIN,,,Layer4 check passed,
"""


def test_servers() -> None:
    words = "Layer7 wrong status (503), Service, Unavailable"
    a, b = read_servers(STATES, STATISTICS)
    assert a == RunningServer("api", "a", "127.0.0.1", 17001, 0, 1, False, 0, words)
    assert b == RunningServer("api", "b", "fd00::2", 17002, 0, 0, True, 7, "Layer4 check passed")
    assert a.condition == ServerCondition("api", "a", ServerState.DOWN, 0, words)


def test_one_that_came_between_the_two_answers() -> None:
    servers = read_servers(STATES, "# pxname,svname,\n")
    assert [one.sessions for one in servers] == [0, 0]


@pytest.mark.parametrize(
    ("admin", "weight", "well", "state"),
    [
        (0, 1, True, ServerState.UP),
        (0, 1, False, ServerState.DOWN),
        (0, 0, True, ServerState.DRAIN),
        (0, 0, False, ServerState.DOWN),
        (0x08, 1, True, ServerState.DRAIN),
        (0x01, 1, True, ServerState.MAINT),
        (0x01, 0, False, ServerState.MAINT),
    ],
)
def test_states(admin: int, weight: int, well: bool, state: ServerState) -> None:
    assert RunningServer("api", "a", "127.0.0.1", 1, admin, weight, well).state is state


HEADER = STATES.splitlines()[1]
BROKEN = {
    "no states": ("Unknown command: 'show'", STATISTICS),
    "nothing": ("", ""),
    "no statistics": (STATES, "Permission denied"),
    "a short line": (f"{HEADER}\n3 api 1 a", STATISTICS),
    "no number": (STATES.replace("17001", "many"), STATISTICS),
    "no such column": (STATES.replace("srv_port", "port"), STATISTICS),
    "no count": (STATES, STATISTICS.replace(",7,", ",seven,")),
}


@pytest.mark.parametrize(("states", "statistics"), BROKEN.values(), ids=[*BROKEN])
def test_other_answers_are_the_peers_fault(states: str, statistics: str) -> None:
    with pytest.raises(ServiceRefusedError):
        read_servers(states, statistics)


def test_info() -> None:
    info = read_info("Name: HAProxy\nPid: 7\nnode: \n\ndescription: harmony-a: b")
    assert info == {"Name": "HAProxy", "Pid": "7", "node": "", "description": "harmony-a: b"}


def test_sources() -> None:
    assert read_sources("0x7facd803c040 10.0.0.1\n0x7facd803c050 fd00::1") == {
        "10.0.0.1",
        "fd00::1",
    }
    assert read_sources("") == frozenset()


def test_sessions() -> None:
    answer = """\
0x55d0: proto=tcpv4 src=127.0.0.9:51234 fe=door be=door srv=a ts=00 epoch=0 age=1s calls=2 cpu=0
0x55d1: proto=tcpv6 src=fd00::9:51235 fe=door be=door srv=a ts=00 epoch=0 age=1s calls=2 cpu=0
0x55d2: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none> ts=00 epoch=0 age=0s calls=1
"""
    assert read_sessions(answer) == (
        Session("0x55d0", "door", "127.0.0.9"),
        Session("0x55d1", "door", "fd00::9"),
    )
