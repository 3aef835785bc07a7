"""Killed at any step: a name then has both its records and their claim, or neither; the next pass goes on."""

from __future__ import annotations

import asyncio
import sys

import pytest

from harmony.domain.outcome import Change
from tests.harmony.infra.dynamic_dns.asking import asked, ensure
from tests.harmony.infra.dynamic_dns.cutting_relay import CuttingRelay
from tests.harmony.infra.dynamic_dns.lone_client import WISH
from tests.peers.name_servers import NameServerChild

pytestmark = pytest.mark.protocol

EXCHANGES = 4
"""A transfer of each zone, then an update of each."""
NAMES = {"lone.home.example": "A", "api.lone.home.example": "A", "*.lone.home.example": "A"} | {
    "90.0.7.10.in-addr.arpa": "PTR",
    "91.0.7.10.in-addr.arpa": "PTR",
}


@pytest.mark.parametrize("answered", [False, True], ids=["before it is asked", "before it is told"])
@pytest.mark.parametrize("at", range(EXCHANGES))
def test_killed(server: NameServerChild, at: int, answered: bool) -> None:
    assert _killed(server, at, answered) == -9
    there = [(_has_records(server, name), _has_claim(server, name)) for name in NAMES]
    assert all(records == claim for records, claim in there)
    assert any(records for records, _ in there) == ((at, answered) >= (2, True))
    change = asked(server, lambda names: names.ensure_dns_records(WISH))
    assert change.changed == ((at, answered) != (3, True))
    assert asked(server, lambda names: names.ensure_dns_records(WISH)) == Change(False)
    assert all(_has_records(server, name) and _has_claim(server, name) for name in NAMES)
    ensure(server, WISH.owner)


def test_these_are_all_steps(server: NameServerChild) -> None:
    assert _killed(server, EXCHANGES, False) == 0
    assert ensure(server, WISH.owner).changed


def _killed(server: NameServerChild, at: int, answered: bool) -> int:
    """The exit code of a client that is killed, if it gets there."""

    async def run() -> int:
        relay = CuttingRelay(at, answered, lambda: child.kill())
        async with relay.serving() as port:
            program = ("-m", "tests.harmony.infra.dynamic_dns.lone_client", str(port))
            child = await asyncio.create_subprocess_exec(sys.executable, *program)
            return await child.wait()

    return server.namespace.call(lambda: asyncio.run(run()))


def _has_records(server: NameServerChild, name: str) -> bool:
    return bool(server.ask(name, NAMES[name]))


def _has_claim(server: NameServerChild, name: str) -> bool:
    return bool(server.ask(f"_harmony.{name}", "TXT"))
