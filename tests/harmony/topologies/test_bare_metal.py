"""Names by the name server that a site declares; what else a site does is in test_served_site."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import TypeVar

import pytest

from harmony.domain.capability.dns_server import DnsQuery
from harmony.domain.outcome import Change, Status
from harmony.topologies.bare_metal import BareMetalSite
from tests.harmony.infra.dynamic_dns.asking import dynamic_dns, ensure, wish
from tests.harmony.topologies.test_served_site import adapters
from tests.peers.name_servers import FORWARD, NameServerChild, name_server

pytestmark = pytest.mark.protocol

T = TypeVar("T")
WISH = wish("names", ("api", "10.7.0.10"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[NameServerChild]:
    with name_server("knot", tmp_path_factory.mktemp("name_server")) as child:
        yield child


def on_site(server: NameServerChild, do: Callable[[BareMetalSite], Awaitable[T]]) -> T:
    """The daemon of the site is none: it is never asked for names."""

    async def on() -> T:
        return await do(BareMetalSite(adapters()[0], dynamic_dns(owners=("names",))))

    return server.namespace.call(lambda: asyncio.run(on()))


def test_names_are_given_there_and_seen_there(server: NameServerChild) -> None:
    made = on_site(server, lambda site: site.ensure_dns_records(WISH))
    assert made.what.startswith("api.home.example A +10.7.0.10")
    assert server.ask(f"api.{FORWARD}") == ["10.7.0.10"]
    query = DnsQuery((f"api.{FORWARD}",))
    assert on_site(server, lambda site: site.observe_dns_records(query)) == WISH.records


def test_when_the_site_is_ready_nobodys_former_wishes_are_left(server: NameServerChild) -> None:
    ensure(server, "former", ("former", "10.7.0.12"))
    outcome = on_site(server, lambda site: site.ensure_ready())
    assert [change.what.partition(";")[0] for change in outcome.changes] == [
        "site served",
        "former.home.example A -10.7.0.12",
    ]
    assert on_site(server, lambda site: site.ensure_ready()).changes[1:] == (Change(False),)


def test_a_name_server_that_is_away_keeps_no_machine_from_booting(server: NameServerChild) -> None:
    server.stop()
    outcome = on_site(server, lambda site: site.ensure_ready())
    server.start()
    assert outcome.status is Status.SUCCESS
    assert ["Connection refused" in detail for detail in outcome.details] == [True]
