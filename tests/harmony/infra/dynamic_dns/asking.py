"""A name server's DynamicDns, for one question: each comes from somebody who remembers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from typing_extensions import override

from harmony.domain.capability.dns_server import DnsRecords
from harmony.domain.capability.secret_vault import Secret, SecretQuery, SecretSpec
from harmony.domain.outcome import Change
from harmony.infra.dynamic_dns.server import DynamicDns
from inventory.contribution import DnsRecord
from inventory.name_server import NameServer
from tests.harmony.generating_vault import GeneratingVault
from tests.peers.name_servers import FORWARD, KEY, REVERSE, NameServerChild

T = TypeVar("T")
ADDRESS = "127.0.0.1"
ZONES = (FORWARD, REVERSE)


@dataclass(frozen=True)
class VaultWithKey(GeneratingVault):
    text: str = field(default=KEY, repr=False)

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        raise NotImplementedError

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        return Secret(query.name, self.text) if query.name == "name-server" else None


def dynamic_dns(
    *,
    zones: tuple[str, ...] = ZONES,
    key: str = KEY,
    secret: str = "name-server",
    site: str = "home",
    port: int = 53,
    owners: tuple[str, ...] = (),
) -> DynamicDns:
    server = NameServer(ADDRESS, zones, secret, port)
    return DynamicDns(server, site, VaultWithKey(key), owners)


def asked(
    server: NameServerChild,
    question: Callable[[DynamicDns], Awaitable[T]],
    *,
    zones: tuple[str, ...] = ZONES,
    key: str = KEY,
    secret: str = "name-server",
    site: str = "home",
    owners: tuple[str, ...] = (),
) -> T:
    async def ask() -> T:
        names = dynamic_dns(zones=zones, key=key, secret=secret, site=site, owners=owners)
        return await question(names)

    return server.namespace.call(lambda: asyncio.run(ask()))


def wish(owner: str, *records: tuple[str, str]) -> DnsRecords:
    """Names are under FORWARD."""
    return DnsRecords(owner, tuple(DnsRecord(f"{name}.{FORWARD}", to) for name, to in records))


def ensure(
    server: NameServerChild, owner: str, *records: tuple[str, str], site: str = "home"
) -> Change:
    spec = wish(owner, *records)
    return asked(server, lambda names: names.ensure_dns_records(spec), site=site)
