from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

import dns.message
import pytest

from provisioner.protocol.dns.answer import Elsewhere
from provisioner.protocol.dns.upstream import Question, Told, judged
from provisioner.serve.dns_forwarder import DnsForwarder
from provisioner.serve.faults import Faults
from tests.provisioner.serve.upstreams import replied, values

pytestmark = pytest.mark.unit

FORWARDERS = (IPv4Address("192.0.2.53"),)


@dataclass
class World:
    """Forwarders that answer when `open` is set, with `address`; with nothing if that is empty."""

    address: str = "192.0.2.1"
    now: float = 1000.0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list[str])
    faults: Faults = field(default_factory=Faults)
    tasks: asyncio.TaskGroup | None = None

    def __post_init__(self) -> None:
        self.forwarder = DnsForwarder(self.ask, lambda: self.now, self.faults)
        self.forwarder.follow(FORWARDERS)

    async def ask(self, question: Question, forwarders: Sequence[IPv4Address]) -> Told | None:
        self.asked.append(question.name.to_text())
        await self.open.wait()
        if not self.address:
            return None
        if self.address == "bug":
            raise KeyError("a bug")
        told = judged(replied(dns.message.from_wire(question.wire(7)), self.address), question, 7)
        assert isinstance(told, Told)
        return told

    def start(self, story: Coroutine[None, None, str]) -> asyncio.Task[str]:
        assert self.tasks is not None
        return self.tasks.create_task(story)

    async def resolved(self, name: str) -> str:
        """The address, or the answer code."""
        wanted = wish(name)
        known = self.forwarder.known(wanted) or await self.forwarder.resolved(wanted)
        message = dns.message.from_wire(known.wire)
        return "".join(values(message)) or known.result


def wish(name: str) -> Elsewhere:
    return Elsewhere(dns.message.make_query(name, "A"), over_tcp=False)


def run(story: Callable[[World], Awaitable[None]], address: str = "192.0.2.1") -> World:
    world = World(address)

    async def told() -> None:
        async with asyncio.TaskGroup() as tasks:
            world.tasks = tasks
            world.forwarder.start(tasks)
            await story(world)

    asyncio.run(told())
    return world


def test_equal_questions_under_way_are_asked_once_and_then_known() -> None:
    async def story(world: World) -> None:
        names = ["www.example.", "WWW.example.", "other.example."] * 3
        waiting = [world.start(world.resolved(name)) for name in names]
        await asyncio.sleep(0)
        world.open.set()
        assert set(await asyncio.gather(*waiting)) == {"192.0.2.1"}
        assert await world.resolved("wWw.example.") == "192.0.2.1"
        world.now += 60
        assert await world.resolved("www.example.") == "192.0.2.1"

    assert run(story).asked == ["www.example.", "other.example.", "www.example."]


def test_whoever_asked_first_may_go_without_harm_to_the_others() -> None:
    async def story(world: World) -> None:
        first, second = (world.start(world.resolved("www.example.")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        world.open.set()
        assert await second == "192.0.2.1"

    assert run(story).asked == ["www.example."]


def test_a_failure_is_told_and_nobody_asked_again_for_a_moment() -> None:
    async def story(world: World) -> None:
        world.open.set()
        assert await world.resolved("www.example.") == "SERVFAIL"
        world.now += 4
        assert await world.resolved("www.example.") == "SERVFAIL"
        assert len(world.asked) == 1
        world.now += 1
        world.address = "192.0.2.1"
        assert await world.resolved("www.example.") == "192.0.2.1"

    run(story, address="")


def test_what_was_known_is_told_while_nobody_can_be_asked() -> None:
    async def story(world: World) -> None:
        world.open.set()
        assert await world.resolved("www.example.") == "192.0.2.1"
        world.now += 100
        world.address = ""
        assert await world.resolved("www.example.") == "192.0.2.1"
        assert await world.resolved("www.example.") == "192.0.2.1"

    assert len(run(story).asked) == 2


def test_no_more_is_under_way_than_can_be() -> None:
    async def story(world: World) -> None:
        names = [f"{at}.example." for at in range(300)]
        waiting = [world.start(world.resolved(name)) for name in names]
        await asyncio.sleep(0)
        assert await world.resolved("late.example.") == "SERVFAIL"
        assert world.forwarder.known(wish("0.example.")) is None, "that one is under way already"
        world.open.set()
        answers = await asyncio.gather(*waiting)
        assert answers == ["192.0.2.1"] * 256 + ["SERVFAIL"] * 44

    assert len(run(story).asked) == 256


def test_other_forwarders_are_asked_anew() -> None:
    async def story(world: World) -> None:
        world.open.set()
        for forwarders in (FORWARDERS, FORWARDERS, (IPv4Address("192.0.2.54"),)):
            world.forwarder.follow(forwarders)
            await world.resolved("www.example.")

    assert len(run(story).asked) == 2


def test_what_other_forwarders_still_tell_is_for_those_who_wait_only() -> None:
    async def story(world: World) -> None:
        first = world.start(world.resolved("www.example."))
        await asyncio.sleep(0)
        world.forwarder.follow((IPv4Address("192.0.2.54"),))
        second = world.start(world.resolved("www.example."))
        await asyncio.sleep(0)
        world.open.set()
        assert await first == await second == "192.0.2.1"
        assert await world.resolved("www.example.") == "192.0.2.1"

    assert len(run(story).asked) == 2


def test_a_bug_costs_one_answer(capfd: pytest.CaptureFixture[str]) -> None:
    async def story(world: World) -> None:
        world.open.set()
        assert await world.resolved("www.example.") == "SERVFAIL"
        world.address = "192.0.2.1"
        assert await world.resolved("www.example.") == "192.0.2.1"

    run(story, address="bug")
    assert "a bug" in capfd.readouterr().err
