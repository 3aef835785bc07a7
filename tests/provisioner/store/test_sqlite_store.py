"""The store forgets nothing that it said it had kept, and keeps nothing that it refused."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.contribution import Contribution
from inventory.machine_state import MachineState
from provisioner.ports import (
    AddOrder,
    ChangeLeases,
    DeleteContribution,
    EraseIgnitions,
    Event,
    EventsOf,
    ForgetMachine,
    Ignition,
    KeepIgnition,
    LogEvent,
    LoggedEvent,
    NetworkLeases,
    PutContribution,
    Remembered,
    SaveMachine,
    StoredContribution,
    StoreFailed,
)
from provisioner.protocol.dhcp.lease import Bound, Declined, Lease, LeaseTable, Released
from provisioner.store.sqlite_store import SqliteStore
from tests.provisioner.protocol.boot.values import MAC, ORDER, OTHER_MAC, SITE, machine

pytestmark = pytest.mark.unit

SITE_PUT = StoredContribution(Contribution("site", site=SITE), "etag-1")
SECRET = Ignition("cp1", "dd" * 32, "the-secret-config")


@asynccontextmanager
async def store(path: Path, logged: list[LoggedEvent] | None = None) -> AsyncGenerator[SqliteStore]:
    opened = SqliteStore(path, (logged if logged is not None else []).extend)
    opened.start()
    try:
        yield opened
    finally:
        opened.close()


def remembered(path: Path) -> Remembered:
    opened = SqliteStore(path)
    try:
        return opened.remembered()
    finally:
        opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


def test_everything_is_remembered_as_it_was_given(path: Path) -> None:
    installing = machine(MachineState.INSTALLING)
    discovered = replace(machine(MachineState.DISCOVERED), mac=OTHER_MAC)

    async def live() -> None:
        async with store(path) as kept:
            await kept.commit([PutContribution(SITE_PUT, 1.0), KeepIgnition(SECRET)])
            await kept.commit([AddOrder(ORDER), SaveMachine(installing), SaveMachine(discovered)])

    asyncio.run(live())
    assert remembered(path) == Remembered(
        contributions=(SITE_PUT,),
        ignitions=(SECRET,),
        machines=(installing, discovered),
    )


def test_a_new_database_remembers_nothing(path: Path) -> None:
    assert remembered(path) == Remembered()


def test_changes_replace_and_take_away(path: Path) -> None:
    async def live() -> None:
        async with store(path) as kept:
            await kept.commit([PutContribution(SITE_PUT, 1.0)])
            again = StoredContribution(Contribution("site"), "etag-2")
            await kept.commit([PutContribution(again, 2.0)])
            await kept.commit([PutContribution(StoredContribution(Contribution("x"), "e"), 2.0)])
            await kept.commit([DeleteContribution("x")])
            await kept.commit([SaveMachine(machine(MachineState.DISCOVERED))])
            await kept.commit([SaveMachine(machine(MachineState.FAILED, reason="no disk"))])
            await kept.commit([SaveMachine(machine(MachineState.DISCOVERED, mac=OTHER_MAC))])
            await kept.commit([ForgetMachine(OTHER_MAC)])

    asyncio.run(live())
    after = remembered(path)
    assert after.contributions == (StoredContribution(Contribution("site"), "etag-2"),)
    assert after.machines == (machine(MachineState.FAILED, reason="no disk"),)


def test_an_erased_secret_is_nowhere_in_the_files(path: Path) -> None:
    async def live() -> None:
        async with store(path) as kept:
            other = Ignition("cp1", "ee" * 32, "another-config")
            await kept.commit([KeepIgnition(SECRET), KeepIgnition(other)])
            await kept.commit([EraseIgnitions("cp1", ("ee" * 32,))])
            await until_gone(b"the-secret-config", path)
            assert b"another-config" in content(path)

    asyncio.run(live())


def content(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


async def until_gone(secret: bytes, path: Path) -> None:
    async with asyncio.timeout(10):
        while secret in content(path):  # noqa: ASYNC110 - the writer's own time
            await asyncio.sleep(0.02)


def test_a_reader_delays_no_commit_and_a_secret_is_overwritten_when_it_has_gone(
    path: Path,
) -> None:
    async def live() -> None:
        async with store(path) as kept:
            await kept.commit([KeepIgnition(SECRET)])
            reader = sqlite3.connect(path, isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM ignitions").fetchone()
            async with asyncio.timeout(2):
                await kept.commit([EraseIgnitions("cp1")])
                await kept.commit([LogEvent(Event(1.0, "Counted"))])
            assert b"the-secret-config" in content(path)
            reader.close()
            await until_gone(b"the-secret-config", path)

    asyncio.run(live())


def test_a_secret_whose_eraser_was_killed_is_overwritten_at_the_next_start(path: Path) -> None:
    async def live() -> None:
        async with store(path) as kept:
            await kept.commit([KeepIgnition(SECRET)])
            reader = sqlite3.connect(path, isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM ignitions").fetchone()
            await kept.commit([EraseIgnitions("cp1")])
            for name in ("state.sqlite3", "state.sqlite3-wal"):  # as a killed process leaves them
                (path.parent / "later").mkdir(exist_ok=True)
                shutil.copy(path.parent / name, path.parent / "later" / name)
            reader.close()
        again = path.parent / "later" / path.name
        assert b"the-secret-config" in content(again)
        async with store(again):
            await until_gone(b"the-secret-config", again)

    asyncio.run(live())


def test_a_group_is_committed_whole_or_not_at_all_and_spares_its_neighbours(path: Path) -> None:
    logged: list[LoggedEvent] = []

    async def live() -> None:
        async with store(path, logged) as kept:
            await kept.commit([AddOrder(ORDER)])
            twice = kept.commit([LogEvent(Event(1.0, "Lost")), AddOrder(ORDER)])
            good = kept.commit([LogEvent(Event(2.0, "Kept"))])
            with pytest.raises(StoreFailed):
                await twice
            await good

    asyncio.run(live())
    assert [one.event.kind for one in logged] == ["Kept"]


def test_two_machines_cannot_be_one_host(path: Path) -> None:
    async def live() -> None:
        async with store(path) as kept:
            await kept.commit([SaveMachine(machine(MachineState.ASSIGNED))])
            with pytest.raises(StoreFailed):
                await kept.commit([SaveMachine(machine(MachineState.ASSIGNED, mac=OTHER_MAC))])

    asyncio.run(live())


def test_a_full_disk_fails_the_commit_and_nothing_else(path: Path) -> None:
    async def live() -> None:
        async with store(path) as kept:
            database = sqlite3.connect(path)
            pages = database.execute("PRAGMA page_count").fetchone()[0]
            database.close()
            kept._database.execute(f"PRAGMA max_page_count = {pages}")  # pyright: ignore[reportPrivateUsage]
            with pytest.raises(StoreFailed, match="full"):
                await kept.commit([KeepIgnition(replace(SECRET, text="x" * 100_000))])
            kept._database.execute("PRAGMA max_page_count = 100000")  # pyright: ignore[reportPrivateUsage]
            await kept.commit([KeepIgnition(SECRET)])

    asyncio.run(live())
    assert remembered(path).ignitions == (SECRET,)


def test_events_are_numbered_in_the_order_they_were_given(path: Path) -> None:
    logged: list[LoggedEvent] = []

    async def live() -> tuple[LoggedEvent, ...]:
        async with store(path, logged) as kept:
            answers = [
                kept.commit([LogEvent(Event(float(number), "Counted", MAC, "cp1"))])
                for number in range(50)
            ]
            await answers[-1]
            assert await kept.events(0, EventsOf("w1"), 10) == ()
            assert len(await kept.events(0, EventsOf("w1", (MAC,)), 1000)) == 50
            return await kept.events(10, None, 5)

    page = asyncio.run(live())
    assert [one.event.time for one in logged] == [float(number) for number in range(50)]
    assert [one.seq for one in page] == [11, 12, 13, 14, 15]
    assert page[0].event == Event(10.0, "Counted", MAC, "cp1")


def test_the_oldest_events_go_while_the_store_is_open(path: Path) -> None:
    async def live() -> tuple[LoggedEvent, ...]:
        opened = SqliteStore(path, kept_events=100)
        opened.start()
        try:
            await opened.commit([LogEvent(Event(0.0, "Counted")) for _ in range(1_050)])
            await opened.commit([LogEvent(Event(0.0, "Counted")) for _ in range(1_000)])
            return await opened.events(0, None, 5_000)
        finally:
            opened.close()

    kept = asyncio.run(live())
    assert [one.seq for one in kept] == list(range(1_951, 2_051))


addresses = st.sampled_from([IPv4Address(f"10.7.0.{last}") for last in range(100, 104)])
macs = st.sampled_from([MAC, OTHER_MAC, "52:54:00:07:00:13"])
times = st.sampled_from([100.0, 200.0, 300.0])
lease_changes = st.one_of(
    st.builds(Bound, st.builds(Lease, macs, addresses, times)),
    st.builds(Released, macs, addresses, times),
    st.builds(Declined, macs, addresses, times),
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(lease_changes, max_size=12))
def test_stored_leases_are_what_the_lease_table_has(
    tmp_path_factory: pytest.TempPathFactory, changes: Sequence[Bound | Released | Declined]
) -> None:
    path = tmp_path_factory.mktemp("leases") / "state.sqlite3"

    async def live() -> None:
        async with store(path) as kept:
            for change in changes:
                await kept.commit([ChangeLeases("lan", (change,))])

    asyncio.run(live())
    table = LeaseTable()
    for change in changes:
        table.apply(change)
    stored = remembered(path).leases.get("lan", NetworkLeases())
    again = LeaseTable(stored.leases, stored.declined)
    assert again.leases() == table.leases()
    for last in range(100, 104):
        address = IPv4Address(f"10.7.0.{last}")
        assert again.declined_until(int(address)) == table.declined_until(int(address))
