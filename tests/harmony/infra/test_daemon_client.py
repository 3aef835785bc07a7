"""The client against a real daemon: contributions taken and refused, absences told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harmony.domain.outcome import Change
from harmony.infra.daemon_client import DaemonClient
from harmony.infra.errors import (
    ContributionRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from inventory.contribution import Artifact, Contribution, DnsRecord, Installation
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import served_site

pytestmark = pytest.mark.protocol
T = TypeVar("T")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonChild]:
    with served_site(tmp_path_factory.mktemp("client")) as child:
        yield child


def asked(state: Path, question: Callable[[DaemonClient], Awaitable[T]]) -> T:
    async def ask() -> T:
        async with _open(state) as client:
            return await question(client)

    return asyncio.run(ask())


@contextlib.asynccontextmanager
async def _open(state: Path) -> AsyncGenerator[DaemonClient]:
    client = DaemonClient(state / "admin.sock")
    try:
        yield client
    finally:
        await client.close()


def test_a_contribution_is_put_once(daemon: DaemonChild) -> None:
    wish = Contribution("thing/a b#1/dns", records=(DnsRecord("a.small.example", "10.7.0.50"),))

    async def twice(client: DaemonClient) -> tuple[Change, Change]:
        return await client.put_contribution(wish), await client.put_contribution(wish)

    words = "thing/a b#1/dns served"
    assert asked(daemon.state, twice) == (Change(True, words), Change(False, words))
    found = daemon.admin.get("/v1/contributions/thing%2Fa%20b%231%2Fdns").json()
    assert found["records"] == [
        {"name": "a.small.example", "address": "10.7.0.50", "ttl": 60, "reverse": False}
    ]


def test_a_refusal_has_the_daemons_diagnostics(daemon: DaemonChild) -> None:
    lost = Artifact("vmlinuz", "ab" * 32, 1, "/nowhere/vmlinuz")
    wish = Contribution("thing/lost", artifacts=(lost,))
    with pytest.raises(ContributionRefusedError) as refused:
        asked(daemon.state, lambda client: client.put_contribution(wish))
    assert str(refused.value) == "the contribution of 'thing/lost' can't be served"
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.message == (
        "the artifact vmlinuz of thing/lost isn't there: /nowhere/vmlinuz"
    )


def test_what_it_can_not_work_with(daemon: DaemonChild) -> None:
    with pytest.raises(ServiceRefusedError) as refused:
        asked(daemon.state, lambda client: client.get("/v1/nothing"))
    assert (refused.value.status, str(refused.value)) == (
        404,
        "the daemon refused with 404: Not Found",
    )
    with pytest.raises(ServiceRefusedError, match="not JSON"):
        asked(daemon.state, lambda client: client.get("/v1/hosts/cp1/script"))


def test_a_secret_that_is_refused_is_not_repeated(daemon: DaemonChild) -> None:
    wrong: Any = "much"
    image = Artifact("node-image", "ab" * 32, wrong, "/nowhere")
    wish = Contribution("thing/secret", installations=(Installation("cp1", image, "secret"),))
    with pytest.warns(UserWarning, match="size"), pytest.raises(ServiceRefusedError) as refused:
        asked(daemon.state, lambda client: client.put_contribution(wish))
    assert str(refused.value) == (
        "the daemon refused with 422: body.installations.0.image.size: Input should be a valid "
        "integer, unable to parse string as an integer"
    )


def test_preparations(daemon: DaemonChild) -> None:
    async def tell(client: DaemonClient) -> None:
        await client.put_preparation("node-image", 61.4, 120)
        await client.put_preparation("kubernetes/kubelet", 0.0, None)
        await client.delete_preparation("kubernetes/kubelet")
        await client.delete_preparation("kubernetes/kubelet")

    asked(daemon.state, tell)


def test_whether_it_answers(daemon: DaemonChild, tmp_path: Path) -> None:
    assert asked(daemon.state, lambda client: client.answers())
    assert not asked(tmp_path, lambda client: client.answers())
    with pytest.raises(ServiceUnreachableError) as nobody:
        asked(tmp_path, lambda client: client.get("/v1/status"))
    assert str(nobody.value) == f"no daemon answers at {tmp_path / 'admin.sock'}"


def test_a_daemon_that_was_killed_and_started_again_is_asked_on(daemon: DaemonChild) -> None:
    async def before_and_after(client: DaemonClient) -> tuple[int, int]:
        before = (await client.get("/v1/status"))["pid"]
        await asyncio.to_thread(daemon.kill)
        assert not await client.answers()
        await asyncio.to_thread(daemon.start)
        return before, (await client.get("/v1/status"))["pid"]

    before, after = asked(daemon.state, before_and_after)
    assert before != after
