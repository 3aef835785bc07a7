"""Places with a DNS server of each kind: the daemon's own, and BIND and Knot by dynamic updates."""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator, Mapping
from pathlib import Path
from typing import TypeVar

from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.outcome import Change, Outcome
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.provisioner_daemon import ProvisionerDaemon
from inventory.contribution import DnsRecord
from tests.harmony.infra.dynamic_dns.asking import asked
from tests.peers.daemon_child import DaemonChild
from tests.peers.name_servers import NameServerChild, name_server
from tests.peers.served_site import SITE, served_site

T = TypeVar("T")


class NamePlace(DnsServer, ABC):
    """A topology whose one capability is the DNS server. `writes` are the changes that it told of."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    @abstractmethod
    def asked(self, question: Callable[[DnsServer], Awaitable[T]]) -> T:
        """By one who remembers nothing of what was asked before."""

    @abstractmethod
    def answers(self, name: str, kind: str = "A") -> list[str]:
        """What dig is answered over the wire, sorted."""

    def ensure(self, owner: str, *records: tuple[str, str]) -> Change:
        spec = DnsRecords(owner, tuple(DnsRecord(name, to) for name, to in records))
        return self.asked(lambda server: server.ensure_dns_records(spec))

    def describe(self) -> str:
        return "name place"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("it is there")

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        change: Change = await asyncio.to_thread(self.asked, lambda it: it.ensure_dns_records(spec))
        self.writes += [spec.owner] if change.changed else []
        return change

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        return await asyncio.to_thread(self.asked, lambda it: it.observe_dns_records(query))


class DaemonPlace(NamePlace):
    def __init__(self, child: DaemonChild) -> None:
        super().__init__()
        self._child = child

    @override
    def asked(self, question: Callable[[DnsServer], Awaitable[T]]) -> T:
        async def ask() -> T:
            client = DaemonClient(self._child.state / "admin.sock")
            try:
                return await question(ProvisionerDaemon(client, SITE, ()))
            finally:
                await client.close()

        return asyncio.run(ask())

    @override
    def answers(self, name: str, kind: str = "A") -> list[str]:
        dig = ("dig", "+short", "+norecurse", "@10.7.0.1", name, kind)
        return sorted(self._child.station.run(*dig).stdout.splitlines())


class ZonePlace(NamePlace):
    def __init__(self, child: NameServerChild) -> None:
        super().__init__()
        self._child = child

    @override
    def asked(self, question: Callable[[DnsServer], Awaitable[T]]) -> T:
        return asked(self._child, question)

    @override
    def answers(self, name: str, kind: str = "A") -> list[str]:
        return self._child.ask(name, kind)


@contextlib.contextmanager
def _daemon(folder: Path) -> Generator[NamePlace]:
    with served_site(folder) as child:
        yield DaemonPlace(child)


def _server(kind: str) -> Callable[[Path], contextlib.AbstractContextManager[NamePlace]]:
    @contextlib.contextmanager
    def place(folder: Path) -> Generator[NamePlace]:
        with name_server(kind, folder) as child:
            yield ZonePlace(child)

    return place


PLACES: Mapping[str, Callable[[Path], contextlib.AbstractContextManager[NamePlace]]] = {
    "daemon": _daemon,
    "bind": _server("bind"),
    "knot": _server("knot"),
}
