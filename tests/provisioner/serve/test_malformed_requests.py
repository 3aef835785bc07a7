"""Whatever a machine sends is answered below 500, and nothing comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.machine_state import MachineState
from provisioner.agent.messages import NicReport
from provisioner.ports import ForgetMachine
from provisioner.serve.http_message import FileReply
from tests.provisioner.protocol.boot.values import MAC, OTHER_MAC, REPORT
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

OTHER_NIC = NicReport("eth0", OTHER_MAC, "x", True)

paths = st.sampled_from(
    ["boot.ipxe", "artifacts", "ipxe", "ignition", "first-boot", "agent", "v1", "", ".."]
)
tails = st.sampled_from(["", "report", "order", "progress", "written", "failed", "token-1", "\0ü"])
methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@settings(deadline=None, max_examples=300)
@given(methods, paths, tails, st.one_of(st.binary(max_size=50), json_values), st.booleans())
def test_malformed_requests_are_answered_below_500_and_change_nothing(
    method: str, first: str, tail: str, body: object, with_token: bool
) -> None:
    async def story() -> None:
        world = await World().open()
        machine = await world.machine()
        before = dict(world.memory.machines)
        answer = await world.ask(
            method,
            f"/{first}/{tail}",
            token=machine.token if with_token else None,
            raw=body if isinstance(body, bytes) else None,
            body=body,
            query={"mac": tail, "platform": tail},
        )
        assert isinstance(answer, FileReply) or answer.status < 500 or answer.status == 503
        assert world.memory.machines == before

    if (method, first, tail, with_token) != ("GET", "agent", "order", True):  # held back: no fault
        asyncio.run(story())


@pytest.mark.parametrize(
    "change",
    [
        {"clock_offset": float("nan")},
        {"clock_offset": float("inf")},
        {"memory": "much"},
        {"firmware": "coreboot"},
        {"nics": []},
        {"disks": None},
    ],
)
def test_a_report_that_could_not_be_kept_is_refused(change: dict[str, object]) -> None:
    async def story() -> None:
        world = await World().open()
        machine = await world.machine()
        answer = await world.ask(
            "POST", "/agent/report", token=machine.token, body=asdict(REPORT) | change
        )
        assert answer.status == 422
        assert world.current().state is MachineState.DISCOVERED

    asyncio.run(story())


def test_made_up_machines_crowd_out_each_other_and_nobody_else() -> None:
    async def story() -> None:
        world = await World().open()
        await world.machine()
        await world.reported(replace(REPORT, boot_mac=OTHER_MAC, nics=(OTHER_NIC,)), last=12)
        for number in range(1030):
            world.now += 1
            await world.machines.heard(f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}")
        assert len(world.memory.machines) == 1 + 1024
        assert {MAC, OTHER_MAC, "02:00:00:00:00:07"} <= world.memory.machines.keys()
        forgotten = [one.mac for one in world.store.committed if isinstance(one, ForgetMachine)]
        assert forgotten == [f"02:00:00:00:00:0{number}" for number in range(7)]
        assert world.store.kinds.count("MachineForgotten") == 7
        world.lease("02:00:00:01:00:00", IPv4Address("10.7.0.13"))
        assert (await world.ask("GET", "/boot.ipxe", peer=IPv4Address("10.7.0.13"))).status == 200

    asyncio.run(story())


def test_an_agent_whose_machine_is_forgotten_meanwhile_is_refused() -> None:
    async def story() -> None:
        world = await World().open()
        machine = await world.machine("02:00:00:00:00:00")
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(world.ask("GET", "/agent/order", token=machine.token))
            await asyncio.sleep(0)
            for number in range(1, 1025):
                await world.machines.heard(f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}")
        assert asking.result().status == 403

    asyncio.run(story())
