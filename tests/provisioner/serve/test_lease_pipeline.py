"""Batches that are decided while the disk is still at work on the one before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.decision import Answer
from provisioner.protocol.dhcp.lease import Bound, DurableChange, LeaseTable, Offered
from provisioner.serve.errors import LeasesNotCommitted
from provisioner.serve.faults import Faults
from provisioner.serve.lease_pipeline import Batch, LeasePipeline
from tests.provisioner.protocol.dhcp.samples import (
    DISCOVER,
    LINK,
    NETBOOTS,
    NOW,
    POOL,
    REQUEST,
    SERVER,
    message,
)

pytestmark = pytest.mark.unit

MACS = tuple(f"0a:00:00:00:00:0{number}" for number in range(6))
ADDRESSES = tuple(POOL.first + number for number in range(4))


class SlowDisk:
    """Commits when it is told to, in the order of the calls."""

    def __init__(self) -> None:
        self.asked: list[Sequence[DurableChange]] = []
        self._answers: list[asyncio.Future[None]] = []

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        answer = asyncio.get_running_loop().create_future()
        self.asked.append(changes)
        self._answers.append(answer)
        await answer

    def finish(self, *, full: bool = False) -> None:
        """The oldest commit that is under way ends."""
        answer = self._answers.pop(0)
        if full:
            answer.set_exception(LeasesNotCommitted("the disk is full"))
        else:
            answer.set_result(None)


class Site:
    def __init__(self) -> None:
        self.disk, self.leases = SlowDisk(), LeaseTable()
        self.pipeline = LeasePipeline(
            link=lambda: LINK,
            leases=self.leases,
            store=self.disk,
            clock=lambda: NOW,
            faults=Faults(),
        )

    def requested(self, mac: str, address: IPv4Address) -> Batch:
        asked = message(REQUEST, mac, server=SERVER, requested=address, options=NETBOOTS)
        return self.pipeline.decide([asked])

    def discovered(self, *macs: str) -> list[IPv4Address]:
        """What each is offered."""
        batch = self.pipeline.decide([message(DISCOVER, mac, options=NETBOOTS) for mac in macs])
        return [answer.reply.yiaddr for answer in batch.answers]


def test_the_next_batch_knows_what_the_one_before_will_have_changed() -> None:
    async def story() -> None:
        it = Site()
        first = it.requested(MACS[0], ADDRESSES[0])
        async with asyncio.TaskGroup() as tasks:
            committing = tasks.create_task(it.pipeline.commit(first))
            await asyncio.sleep(0)
            assert it.leases.leases() == ()
            offered = it.discovered(*MACS[1:5])
            assert sorted(offered) == list(ADDRESSES[1:])
            again = it.pipeline.decide(
                [message(REQUEST, MACS[1], server=SERVER, requested=ADDRESSES[0], options=NETBOOTS)]
            )
            assert [answer.reply.yiaddr for answer in again.answers] == [IPv4Address(0)]
            it.disk.finish()
            await committing
        assert [lease.mac for lease in it.leases.leases()] == [MACS[0]]

    asyncio.run(story())


def test_what_was_decided_on_a_batch_that_failed_comes_to_nothing() -> None:
    async def story() -> None:
        it = Site()
        outcomes: list[str] = []

        async def commit(batch: Batch) -> None:
            try:
                await it.pipeline.commit(batch)
                outcomes.append("durable")
            except LeasesNotCommitted as error:
                outcomes.append(str(error))

        async with asyncio.TaskGroup() as tasks:
            for number in (0, 1):
                tasks.create_task(commit(it.requested(MACS[number], ADDRESSES[number])))
                await asyncio.sleep(0)
            it.disk.finish(full=True)
            await asyncio.sleep(0)
            it.disk.finish()
        assert outcomes == ["the disk is full", "what it was decided on could not be committed"]
        assert it.leases.leases() == ()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(commit(it.requested(MACS[2], ADDRESSES[0])))
            await asyncio.sleep(0)
            it.disk.finish()
        assert outcomes[2:] == ["durable"]
        assert [(one.mac, one.address) for one in it.leases.leases()] == [(MACS[2], ADDRESSES[0])]

    asyncio.run(story())


def test_it_is_not_too_far_ahead_of_the_disk() -> None:
    async def story() -> None:
        it = Site()
        async with asyncio.TaskGroup() as tasks:
            for number in (0, 1):
                await asyncio.wait_for(it.pipeline.ready(), 1)
                batch = it.requested(MACS[number], ADDRESSES[number])
                tasks.create_task(it.pipeline.commit(batch))
                await asyncio.sleep(0)
            waiting = tasks.create_task(it.pipeline.ready())
            await asyncio.sleep(0)
            assert not waiting.done()
            it.disk.finish()
            await asyncio.wait_for(waiting, 1)
            it.disk.finish()

    asyncio.run(story())


def test_an_offer_waits_for_no_disk() -> None:
    async def story() -> None:
        it = Site()
        batch = it.pipeline.decide([message(DISCOVER, MACS[0], options=NETBOOTS)])
        assert isinstance(batch.answers[0], Answer)
        await asyncio.wait_for(it.pipeline.commit(batch), 1)
        assert it.disk.asked == []
        offer = it.leases.offer_of(int(batch.answers[0].reply.yiaddr))
        assert offer is not None
        assert offer.mac == MACS[0]

    asyncio.run(story())


def test_only_what_must_last_is_given_to_the_disk() -> None:
    it = Site()
    taken = message(REQUEST, MACS[0], server=SERVER, requested=ADDRESSES[0], options=NETBOOTS)
    batch = it.pipeline.decide([taken, message(DISCOVER, MACS[1], options=NETBOOTS)])
    assert [type(change) for change in batch.changes] == [Bound, Offered]
    assert [type(change) for change in batch.durable] == [Bound]
