"""Power of machines, by whatever can switch it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.host import Host


class PowerState(StrEnum):
    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PowerSpec:
    """`state` is ON or OFF."""

    host: Host
    state: PowerState


@dataclass(frozen=True, slots=True)
class PowerQuery:
    host: Host


@dataclass(frozen=True, slots=True)
class PowerCondition:
    """`waiting_for` says whose move it is, such as `press power on w1, bay 4`."""

    host: str
    state: PowerState
    waiting_for: str = ""


@runtime_checkable
class PowerControl(Protocol):
    @abstractmethod
    async def ensure_power(self, spec: PowerSpec) -> Change: ...

    @abstractmethod
    async def observe_power(self, query: PowerQuery) -> PowerCondition: ...
