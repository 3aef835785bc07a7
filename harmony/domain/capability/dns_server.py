"""Names by DNS."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.contribution import DnsRecord


@dataclass(frozen=True, slots=True)
class DnsRecords:
    """All records that `owner` (the key of a Score) wants; others it wanted before are dropped."""

    owner: str
    records: tuple[DnsRecord, ...]


@dataclass(frozen=True, slots=True)
class DnsQuery:
    """Records of these full names; of none given, all."""

    names: tuple[str, ...] = ()


@runtime_checkable
class DnsServer(Protocol):
    @abstractmethod
    async def ensure_dns_records(self, spec: DnsRecords) -> Change: ...

    @abstractmethod
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]: ...
