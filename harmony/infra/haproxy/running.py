"""What a running HAProxy says of itself, out of the answers of its runtime socket. Pure.

Sources: HAProxy 2.6's Management Guide, 9.1 (statistics) and 9.3 (`show servers state`, `show acl`,
`show sess`, `show info`); its include/haproxy/server-t.h for the bits of `srv_admin_state`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from harmony.domain.capability.load_balancer import ServerCondition, ServerState
from harmony.infra.errors import ServiceRefusedError

_MAINTENANCE = 0x01 | 0x02 | 0x04 | 0x20 | 0x40
_DRAIN = 0x08 | 0x10
_SESSION = re.compile(
    r"(?P<id>0x[0-9a-f]+): proto=tcpv[46] src=(?P<source>\S+):\d+ fe=(?P<frontend>\S+)"
)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """`admin`: a person, or an order on the socket, took it out or had it drain. `well`: by its checks."""

    frontend: str
    name: str
    address: str
    port: int
    admin: int
    weight: int
    well: bool
    sessions: int = 0
    reason: str = ""

    @property
    def state(self) -> ServerState:
        if self.admin & _MAINTENANCE:
            return ServerState.MAINT
        if not self.well:
            return ServerState.DOWN
        drained = self.admin & _DRAIN or self.weight == 0
        return ServerState.DRAIN if drained else ServerState.UP

    @property
    def condition(self) -> ServerCondition:
        return ServerCondition(self.frontend, self.name, self.state, self.sessions, self.reason)


@dataclass(frozen=True, slots=True)
class Session:
    """A connection that is open: `identity` names it on the socket."""

    identity: str
    frontend: str
    source: str


@dataclass(frozen=True, slots=True)
class Running:
    """`sources`: who may connect, by frontend; those that anybody may connect to aren't there."""

    servers: tuple[RunningServer, ...]
    sources: Mapping[str, frozenset[str]]
    sessions: tuple[Session, ...]


def read_info(answer: str) -> dict[str, str]:
    """`show info`, by key."""
    return dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)


def read_servers(states: str, statistics: str) -> tuple[RunningServer, ...]:
    """`show servers state` and `show stat -1 4 -1`, of the same moment but for those that came or went."""
    counted = {(row["pxname"], row["svname"]): row for row in _rows(statistics)}
    lines = [line for line in states.splitlines() if line and line != "1"]
    if not lines or not lines[0].startswith("# be_id "):
        raise ServiceRefusedError(f"HAProxy gave no servers' states: {states[:200]!r}")
    columns = lines[0].removeprefix("# ").split()
    found = (dict(zip(columns, line.split(), strict=False)) for line in lines[1:])
    try:
        return tuple(
            _server(one, counted.get((one["be_name"], one["srv_name"]), {})) for one in found
        )
    except (KeyError, ValueError) as error:
        raise ServiceRefusedError(
            f"HAProxy gave servers' states of another form: {error}"
        ) from error


def _server(state: Mapping[str, str], statistics: Mapping[str, str]) -> RunningServer:
    return RunningServer(
        state["be_name"],
        state["srv_name"],
        state["srv_addr"],
        int(state["srv_port"]),
        int(state["srv_admin_state"]),
        int(state["srv_uweight"]),
        state["srv_op_state"] != "0",
        int(statistics.get("scur") or 0),
        _reason(statistics),
    )


def _reason(statistics: Mapping[str, str]) -> str:
    """Such as `Layer7 wrong status (503), Service Unavailable`."""
    words = statistics.get("check_desc", "")
    code = statistics.get("check_code", "")
    last = statistics.get("last_chk", "")
    return ", ".join(filter(None, (f"{words} ({code})" if code else words, last)))


def _rows(statistics: str) -> list[dict[str, str]]:
    if not statistics.startswith("# "):
        raise ServiceRefusedError(f"HAProxy gave no statistics: {statistics[:200]!r}")
    return list(csv.DictReader(statistics.removeprefix("# ").splitlines()))


def read_sources(answer: str) -> frozenset[str]:
    """`show acl FILE`: an entry's place in memory, then the address."""
    return frozenset(line.split()[1] for line in answer.splitlines() if line.startswith("0x"))


def read_sessions(answer: str) -> tuple[Session, ...]:
    """`show sess`; those of the runtime socket itself come from no address."""
    found = (_SESSION.match(line) for line in answer.splitlines())
    return tuple(Session(one["id"], one["frontend"], one["source"]) for one in found if one)
