"""Makes the checks, many at a time: none waits for another, and none is waited for without end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, error
from harmony.domain.preflight.result import Result, result_of

AT_ONCE = 32

T = TypeVar("T")


async def examine(checks: Iterable[Check], at_once: int = AT_ONCE) -> tuple[Result, ...]:
    """A result for each, in their order. What a check raises is its own error and nobody else's."""
    turns = asyncio.Semaphore(at_once)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_examined(check, turns)) for check in checks]
    return tuple(one.result() for one in running)


async def _examined(check: Check, turns: asyncio.Semaphore) -> Result:
    async with turns:
        begun = time.monotonic()
        finding = await _looked(check)
        return result_of(check, finding, time.monotonic() - begun)


async def _looked(check: Check) -> Finding:
    limit = asyncio.timeout(check.kind.hard)
    try:
        async with limit:
            return await check.look()
    except Exception as fault:
        if isinstance(fault, TimeoutError) and limit.expired():
            words = f"no answer within {check.kind.hard:g} seconds"
            return error(words, {"seconds": check.kind.hard}, _TOO_LONG)
        kind, says = type(fault).__name__, str(fault)
        words = f"it could not be looked at: {says or kind}"
        return error(words, {"error": kind, "says": says}, _CANNOT_LOOK)


async def apart(call: Callable[[], T]) -> T:
    """Call what may block (a disk that has gone, for one) where it can be left behind: in a thread that
    nobody waits for, not even at the end of the program."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        done: Future[T] = Future()
        try:
            done.set_result(call())
        except Exception as fault:
            done.set_exception(fault)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_pass_on, done, answer)

    threading.Thread(target=run, daemon=True).start()
    return await answer


def _pass_on(done: Future[T], answer: asyncio.Future[T]) -> None:
    if answer.done():
        return
    fault = done.exception()
    if fault is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(fault)


_TOO_LONG = "see whether what is asked is overloaded or cut off, then run preflight again"
_CANNOT_LOOK = "see what it says, then run preflight again"
