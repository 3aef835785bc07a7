"""LoadBalancer by a HAProxy of our own.

    FOLDER/wishes.json       what each owner wants
    FOLDER/haproxy.cfg       the same for HAProxy, so that a restart of anything brings all of it back
    FOLDER/sources-NAME      who may connect to a frontend that isn't everybody's
    FOLDER/admin.sock        its runtime socket

Each is written before HAProxy is told; killed in between, the next `ensure` sees the difference and tells it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from harmony.domain.capability.load_balancer import (
    Frontend,
    Frontends,
    LoadBalancer,
    ServerCondition,
    ServerQuery,
)
from harmony.domain.outcome import Change
from harmony.infra.errors import BalancerUnusableError, ServiceRefusedError
from harmony.infra.haproxy.configuration import Place, render, sources_text, structure_of
from harmony.infra.haproxy.orders import Order, closings, orders
from harmony.infra.haproxy.running import Running, read_servers, read_sessions, read_sources
from harmony.infra.haproxy.runtime_socket import NobodyListensError, ask
from harmony.infra.haproxy.supervisor import Supervisor
from harmony.infra.haproxy.wishes import frontends_of, read_wishes, with_wish, write_wishes
from harmony.infra.whole_file import write_whole

_LOOKS = 4
"""Drain, then delete, then see that nothing is left to do."""


@dataclass(frozen=True, slots=True)
class HaproxyLoadBalancer(LoadBalancer):
    """All of it lies in `folder` (absolute, not longer than a socket's name may be)."""

    folder: Path
    program: Sequence[str] = ("haproxy",)

    @property
    def supervisor(self) -> Supervisor:
        return Supervisor(self._place, self.program)

    @override
    async def ensure_frontends(self, spec: Frontends) -> Change:
        return await asyncio.to_thread(self._ensure, spec)

    @override
    async def observe_servers(self, query: ServerQuery) -> tuple[ServerCondition, ...]:
        """None while HAProxy doesn't run."""
        found = await asyncio.to_thread(self._conditions)
        return tuple(one for one in found if not query.frontends or one.frontend in query.frontends)

    @property
    def _place(self) -> Place:
        return Place(self.folder, os.geteuid() == 0)

    @property
    def _wishes(self) -> Path:
        return self.folder / "wishes.json"

    def _ensure(self, spec: Frontends) -> Change:
        with self._alone():
            kept = read_wishes(self._wishes)
            wanted = with_wish(kept, spec)
            frontends = frontends_of(wanted)
            before = frontends_of(kept)
            self._write(frontends)
            write_wishes(self._wishes, wanted)
            try:
                done = self._launched(frontends)
            except ServiceRefusedError:
                write_wishes(self._wishes, kept)
                self._write(before)
                raise
            done += self._obeyed(frontends)
        return Change(bool(done), ", ".join(done) or f"{len(frontends)} frontends are served")

    def _write(self, frontends: Sequence[Frontend]) -> None:
        """The files, once HAProxy has judged them."""
        place = self._place
        guarded = [one for one in frontends if one.sources is not None]
        for one in guarded:
            if not place.sources(one.name).exists():
                write_whole(place.sources(one.name), b"")
        text = render(frontends, place).encode()
        if not place.configuration.exists() or place.configuration.read_bytes() != text:
            candidate = self.folder / "candidate.cfg"
            write_whole(candidate, text)
            try:
                self.supervisor.validate(candidate)
            finally:
                candidate.unlink()
            write_whole(place.configuration, text)
        for one in guarded:
            allowed = sources_text(one).encode()
            if place.sources(one.name).read_bytes() != allowed:
                write_whole(place.sources(one.name), allowed)

    def _launched(self, frontends: Sequence[Frontend]) -> list[str]:
        """What was done so that one of that structure runs, in words."""
        wanted = structure_of(frontends, self._place)
        there = self.supervisor.structure()
        if there is None:
            self.supervisor.start()
            return ["HAProxy is started"]
        if there != wanted:
            closed = tuple(closings(self._running(frontends), frontends, self._place))
            self._tell(closed)
            self.supervisor.reload()
            return [*_words(closed), "HAProxy is reloaded"]
        return []

    def _obeyed(self, frontends: Sequence[Frontend]) -> list[str]:
        """What was said to the running one until all is as wanted, in words."""
        done: list[str] = []
        for _ in range(_LOOKS):
            found = orders(self._running(frontends), frontends, self._place)
            if not found:
                break
            self._tell(found)
            done += _words(found)
        return done

    def _tell(self, found: Sequence[Order]) -> None:
        for order in found:
            answer = ask(self._place.socket, order.command).strip()
            if not order.obeyed(answer):
                raise ServiceRefusedError(f"HAProxy refuses `{order.command}`: {answer}")

    def _running(self, frontends: Sequence[Frontend]) -> Running:
        socket = self._place.socket
        guarded = [one.name for one in frontends if one.sources is not None]
        return Running(
            read_servers(ask(socket, "show servers state"), ask(socket, "show stat -1 4 -1")),
            {
                name: read_sources(ask(socket, f"show acl {self._place.sources(name)}"))
                for name in guarded
            },
            read_sessions(ask(socket, "show sess")) if guarded else (),
        )

    def _conditions(self) -> tuple[ServerCondition, ...]:
        try:
            return tuple(one.condition for one in self._running(()).servers)
        except NobodyListensError:
            return ()

    @contextmanager
    def _alone(self) -> Generator[None]:
        """The only one who changes this folder, among all processes."""
        try:
            self._place.empty.mkdir(parents=True, exist_ok=True)
            with (self.folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise BalancerUnusableError(f"the folder {self.folder}: {error}") from error


def _words(found: Sequence[Order]) -> list[str]:
    return [order.what for order in found if order.what]
