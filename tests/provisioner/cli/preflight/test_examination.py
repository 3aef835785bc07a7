from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from harmony.domain.preflight.check import LONGEST, Check, CheckKind, Group
from harmony.domain.preflight.finding import Finding, Verdict, success
from harmony.domain.preflight.result import Result
from provisioner.cli.preflight.examination import apart, examine

pytestmark = pytest.mark.unit

KIND = CheckKind("some-check", Group.TIME, "is it so?", "make it so", soft=0.05, hard=0.2)


async def fine() -> Finding:
    return success("so it is", {})


async def bug() -> Finding:
    raise ZeroDivisionError("division by zero")


async def wordless() -> Finding:
    raise ValueError


async def its_own_timeout() -> Finding:
    raise TimeoutError("the peer said so")


async def endless() -> Finding:
    await asyncio.Event().wait()
    raise AssertionError


def examined(*looks: Callable[[], Awaitable[Finding]], at_once: int = 8) -> tuple[Result, ...]:
    checks = [Check(KIND, str(number), look) for number, look in enumerate(looks)]
    return asyncio.run(examine(checks, at_once))


def test_one_checks_fault_is_its_own() -> None:
    told = examined(fine, bug, wordless, its_own_timeout, fine)
    assert [(one.subject, one.verdict.name, one.words) for one in told] == [
        ("0", "SUCCESS", "so it is"),
        ("1", "ERROR", "it could not be looked at: division by zero"),
        ("2", "ERROR", "it could not be looked at: ValueError"),
        ("3", "ERROR", "it could not be looked at: the peer said so"),
        ("4", "SUCCESS", "so it is"),
    ]
    assert told[1].seen == {"error": "ZeroDivisionError", "says": "division by zero"}


def test_none_is_waited_for_without_end() -> None:
    (told,) = examined(endless)
    assert (told.verdict, told.words) == (Verdict.ERROR, "no answer within 0.2 seconds")
    assert told.late
    assert told.fix


def test_no_more_than_so_many_at_once() -> None:
    running, most = 0, 0

    async def counted() -> Finding:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        return success("so it is", {})

    assert len(examined(*[counted] * 20, at_once=3)) == 20
    assert most == 3


def test_what_blocks_is_left_behind() -> None:
    gone = threading.Event()

    async def blocked() -> Finding:
        await apart(gone.wait)
        return success("never", {})

    begun = time.monotonic()
    (told,) = examined(blocked)
    gone.set()
    assert told.verdict is Verdict.ERROR
    assert time.monotonic() - begun < LONGEST


def test_not_even_the_end_of_the_program_waits_for_it() -> None:
    program = (
        "import asyncio, threading\n"
        "from provisioner.cli.preflight.examination import apart\n"
        "async def main():\n"
        "    try:\n"
        "        await asyncio.wait_for(apart(threading.Event().wait), 0.1)\n"
        "    except TimeoutError:\n"
        "        print('left')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "left\n"


def test_what_it_comes_to_is_passed_on() -> None:
    async def look() -> tuple[int, str]:
        def refuse() -> int:
            raise OSError("gone")

        with pytest.raises(OSError, match="gone"):
            await apart(refuse)
        return await apart(lambda: 5), "so"

    assert asyncio.run(look()) == (5, "so")
