"""Hosts become rows; events are gathered once each, through a daemon's absence."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from inventory.errors import PeerError
from provisioner.cli.board import RowChanged, RowKind
from provisioner.cli.host_rows import EVENTS_AT_ONCE, HostRows, hardware_words, row_of

pytestmark = pytest.mark.unit

HARDWARE: dict[str, Any] = {
    "firmware": "uefi",
    "cpus": 2,
    "memory": 2 * 2**30,
    "nics": [{}],
    "disks": [{"size": 20 * 2**30}, {"size": 100 * 2**30}],
}


class Daemon:
    """Has hosts and events; is away for the first `absences` questions."""

    def __init__(self, events: int = 0, absences: int = 0) -> None:
        self.hosts: list[dict[str, Any]] = [{"host": "w1", "state": "installed"}]
        self.events = [{"seq": number, "host": "w1"} for number in range(1, events + 1)]
        self.asked: list[str] = []
        self._absences = absences

    async def get(self, path: str) -> Any:
        self.asked.append(path)
        if len(self.asked) <= self._absences:
            raise PeerError("no daemon answers")
        if path == "/v1/hosts":
            return self.hosts
        after = int(path.removeprefix("/v1/events?after=").partition("&")[0])
        return self.events[after:][:EVENTS_AT_ONCE]


def test_one_look_gathers_all_that_is_new() -> None:
    daemon, told = Daemon(events=EVENTS_AT_ONCE + 5), list[RowChanged]()
    rows = HostRows(daemon.get, told.append)
    asyncio.run(rows.look())
    daemon.events.append({"seq": EVENTS_AT_ONCE + 6, "host": "w1"})
    asyncio.run(rows.look())
    assert rows.events == daemon.events
    assert rows.hosts == {"w1": daemon.hosts[0]}
    assert told == [RowChanged(RowKind.HOST, "w1", "installed")] * 2


def test_events_that_are_not_kept_are_not_asked_for() -> None:
    daemon = Daemon(events=5)
    asyncio.run(HostRows(daemon.get, lambda row: None, keep_events=False).look())
    assert daemon.asked == ["/v1/hosts"]


def test_a_daemon_that_is_away_is_waited_for() -> None:
    async def until_seen() -> None:
        seen = asyncio.Event()
        rows = HostRows(Daemon(absences=3).get, lambda row: seen.set(), period=0)
        async with asyncio.TaskGroup() as group:
            following = group.create_task(rows.follow())
            await seen.wait()
            following.cancel()

    asyncio.run(asyncio.wait_for(until_seen(), 30))


def test_a_last_look_at_nobody() -> None:
    with pytest.raises(PeerError):
        asyncio.run(HostRows(Daemon(absences=9).get, lambda row: None).look())


@pytest.mark.parametrize(
    ("host", "row"),
    [
        ({"state": None}, ("unseen", "", None)),
        ({"state": "inventoried", "waiting_for": "approval"}, ("inventoried", "…", None)),
        ({"state": "assigned"}, ("assigned", "…", None)),
        ({"state": "assigned", "waiting_for": "an image"}, ("assigned", "an image", None)),
        (
            {"state": "installing", "progress": {"phase": "write", "done": 1, "total": 4}},
            ("installing", "write", 25.0),
        ),
        (
            {"state": "installing", "progress": {"phase": "check", "done": 0, "total": 0}},
            ("installing", "check", None),
        ),
        (
            {"state": "failed", "reason": "no disk", "waiting_for": "you"},
            ("failed", "no disk", None),
        ),
    ],
)
def test_the_row_of_a_host(host: dict[str, Any], row: tuple[str, str, float | None]) -> None:
    state, words, percent = row
    told = row_of({"host": "w1", "hardware": HARDWARE, **host})
    hardware = hardware_words(HARDWARE)
    assert told == RowChanged(RowKind.HOST, "w1", state, words.replace("…", hardware), percent)


@pytest.mark.parametrize(
    ("state", "standing"), [(None, "spare"), ("discovered", "discovered"), ("failed", "failed")]
)
def test_nobody_waits_for_a_spare_that_is_off(state: str | None, standing: str) -> None:
    daemon, told = Daemon(), list[RowChanged]()
    daemon.hosts = [{"host": "w1", "state": state}, {"host": "w2", "state": None}]
    asyncio.run(HostRows(daemon.get, told.append, spares={"w1"}).look())
    assert [row.standing for row in told] == [standing, "unseen"]


def test_hardware_in_one_line() -> None:
    assert hardware_words(HARDWARE) == "uefi, 2 CPU, 2.0 GiB, 1 NIC, disks 20 GiB, 100 GiB"
    assert hardware_words(HARDWARE | {"disks": []}).endswith("disks none")
    assert hardware_words(None) == ""
