"""Another DHCP server is said once, and its end; a daemon that doesn't know yet says nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from inventory.errors import PeerError
from provisioner.cli.foreign_dhcp_watch import ForeignDhcpWatch

pytestmark = pytest.mark.unit

SERVER = "10.7.0.254 (52:54:00:aa:bb:cc)"
FIRST = f"another DHCP server was there first: {SERVER}"


def status(withheld: str, *servers: str) -> dict[str, Any]:
    return {
        "networks": [{"interface": "lan0", "withheld": withheld}],
        "foreign_dhcp_servers": [f"{server} on lan0" for server in servers],
    }


ALONE = status("")
STARTED = status("it isn't known yet whether another DHCP server is there")
BESIDE_THE_FIRST = status(FIRST, SERVER)
BESIDE_A_LATER_ONE = status("", SERVER)
GONE = "no other DHCP server answers any more: addresses are handed out"


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ([STARTED, ALONE, ALONE], []),
        (
            [STARTED, BESIDE_THE_FIRST, BESIDE_THE_FIRST, ALONE, ALONE],
            [f"no address is handed out on lan0: {FIRST}", GONE],
        ),
        (
            [BESIDE_THE_FIRST, STARTED, BESIDE_THE_FIRST],
            [f"no address is handed out on lan0: {FIRST}"],
        ),
        (
            [ALONE, BESIDE_A_LATER_ONE],
            [f"another DHCP server answers on this network: {SERVER} on lan0"],
        ),
    ],
)
def test_what_is_new_is_said_once(seen: list[dict[str, Any]], said: list[str]) -> None:
    answers, heard = iter(seen), list[str]()

    async def get(path: str) -> Any:
        assert path == "/v1/status"
        return next(answers)

    watch = ForeignDhcpWatch(get, heard.append)
    for _ in seen:
        asyncio.run(watch.look())
    assert heard == said


def test_a_daemon_that_is_away_is_waited_for() -> None:
    answers = iter([None, BESIDE_THE_FIRST])
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def get(_: str) -> Any:
        if (answer := next(answers, BESIDE_THE_FIRST)) is None:
            raise PeerError("no daemon answers")
        return answer

    async def story() -> str:
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(
                ForeignDhcpWatch(get, heard.put_nowait, period=0.0).follow()
            )
            said = await asyncio.wait_for(heard.get(), 30)
            following.cancel()
        return said

    assert asyncio.run(story()) == f"no address is handed out on lan0: {FIRST}"
