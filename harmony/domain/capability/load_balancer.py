"""Connections shared out among the servers that are well."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change


class Balance(StrEnum):
    """Who gets a new connection: the one with the fewest, or whoever that source address always gets."""

    LEAST_CONNECTIONS = "least-connections"
    SOURCE = "source"


class ServerState(StrEnum):
    """DRAIN: it is well, what it has goes on, nothing new comes. MAINT: taken out by a person."""

    UP = "up"
    DOWN = "down"
    DRAIN = "drain"
    MAINT = "maint"


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A server is well if `path` gives status 200, by TLS (whose certificate nobody judges) or without;
    asked at `port` (None: its own) every `seconds`. `fall` bad answers in a row take it down, after the
    first asked for every second; `rise` good ones bring it back."""

    path: str
    tls: bool
    port: int | None = None
    seconds: int = 5
    fall: int = 3
    rise: int = 2


@dataclass(frozen=True, slots=True)
class Server:
    """`name` tells it from the others of its frontend. `drained`: sessions that it has go on."""

    name: str
    address: str
    port: int
    drained: bool = False


@dataclass(frozen=True, slots=True)
class Frontend:
    """Connections to `port` of each of `addresses` go to one of `servers`. Only `sources` (addresses) may
    connect: None is everybody, and none is nobody. A session whose server is down is ended, and so is one
    whose source may no longer connect."""

    name: str
    addresses: tuple[str, ...]
    port: int
    servers: tuple[Server, ...]
    health: HealthCheck
    balance: Balance = Balance.LEAST_CONNECTIONS
    sources: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Frontends:
    """All that `owner` (the key of a Score) wants; others it wanted before are dropped. A server that is
    wanted no longer gets nothing new, and leaves when its last session ends."""

    owner: str
    frontends: tuple[Frontend, ...]


@dataclass(frozen=True, slots=True)
class ServerQuery:
    """Servers of these frontends, by name; of none given, all."""

    frontends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerCondition:
    """What the load balancer sees of a server; `reason` is the last check's answer, in words."""

    frontend: str
    server: str
    state: ServerState
    sessions: int
    reason: str = ""


@runtime_checkable
class LoadBalancer(Protocol):
    @abstractmethod
    async def ensure_frontends(self, spec: Frontends) -> Change: ...

    @abstractmethod
    async def observe_servers(self, query: ServerQuery) -> tuple[ServerCondition, ...]: ...
