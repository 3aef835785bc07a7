"""Resolves what isn't ours: out of the cache, or by asking a forwarder once for all who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address
from typing import TypeAlias

from inventory.errors import ProvisionerBug
from provisioner.protocol.dns.answer import Elsewhere
from provisioner.protocol.dns.forward_cache import ForwardCache, Known, failure
from provisioner.protocol.dns.reply import Answered
from provisioner.protocol.dns.upstream import Question, Told
from provisioner.serve.faults import Faults

_MOST_QUESTIONS = 256
_MOST_WAITING = 2_048


Ask: TypeAlias = Callable[[Question, Sequence[IPv4Address]], Awaitable[Told | None]]
"""Asks the forwarders; None if none of them has an answer."""


class DnsForwarder:
    """`clock` gives seconds and never goes back. Questions are asked in the task group that `start` is
    given, and outlive the clients that asked first."""

    def __init__(self, ask: Ask, clock: Callable[[], float], faults: Faults) -> None:
        self._asked = ask
        self._clock = clock
        self._faults = faults
        self._cache = ForwardCache()
        self._forwarders: tuple[IPv4Address, ...] = ()
        self._under_way: dict[Question, asyncio.Future[Known | None]] = {}
        self._waiting = 0
        self._tasks: asyncio.TaskGroup | None = None

    def start(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._under_way.clear()

    def follow(self, forwarders: tuple[IPv4Address, ...]) -> None:
        """Ask these from now on. They may know another world: what the others have told is forgotten,
        and what they still tell goes to those who wait for it and nowhere else."""
        if forwarders != self._forwarders:
            self._forwarders = forwarders
            self._cache = ForwardCache()
            self._under_way = {}

    def known(self, wanted: Elsewhere) -> Answered | None:
        """The answer, if nobody has to be asked for it."""
        question, now = Question.of(wanted.query), self._clock()
        known = self._cache.look(question, now)
        if known is not None:
            return known.answered(wanted, now)
        if self._cache.has_failed(question, now) or self._is_busy(question):
            return failure(wanted)
        return None

    async def resolved(self, wanted: Elsewhere) -> Answered:
        """The answer, or that there is none. Equal questions under way are one: should forwarders come
        back to us with it, that is where the circle ends."""
        self._waiting += 1
        try:
            known = await asyncio.shield(self._answer_to(Question.of(wanted.query)))
        finally:
            self._waiting -= 1
        return failure(wanted) if known is None else known.answered(wanted, self._clock())

    def _is_busy(self, question: Question) -> bool:
        if self._waiting >= _MOST_WAITING:
            return True
        return len(self._under_way) >= _MOST_QUESTIONS and question not in self._under_way

    def _answer_to(self, question: Question) -> asyncio.Future[Known | None]:
        coming = self._under_way.get(question)
        if coming is None:
            if self._tasks is None:
                raise ProvisionerBug("DnsForwarder asked before it was started")
            coming = self._under_way[question] = asyncio.get_running_loop().create_future()
            self._tasks.create_task(self._ask(question, coming))
        return coming

    async def _ask(self, question: Question, answer: asyncio.Future[Known | None]) -> None:
        known: Known | None = None
        cache = self._cache
        try:
            told = await self._asked(question, self._forwarders)
            known = self._learnt(cache, question, told)
        except Exception as fault:  # a bug costs one answer
            self._faults.tell(fault)
        finally:
            if self._under_way.get(question) is answer:
                del self._under_way[question]
            if not answer.done():
                answer.set_result(known)

    def _learnt(self, cache: ForwardCache, question: Question, told: Told | None) -> Known | None:
        now = self._clock()
        if told is not None:
            return cache.learn(question, told, now)
        cache.fail(question, now)
        return cache.look(question, now)
