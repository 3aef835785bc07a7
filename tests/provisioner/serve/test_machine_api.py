"""A machine reaches its own script, orders, Ignition and artifacts, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.host import AnyBlank, Host, Nic
from inventory.machine_state import MachineState
from inventory.site import Site
from provisioner.agent.messages import Begun, Failed, NicReport, Progress, Written
from provisioner.ports import SaveMachine
from provisioner.protocol.boot.desired import ignition_digest
from provisioner.serve.machine_api import FirstBoot
from tests.provisioner.protocol.boot.values import BLANK, HOST, LAN, MAC, OTHER_MAC, REPORT
from tests.provisioner.serve.world import ADDRESS, IGNITION, World, document

pytestmark = pytest.mark.unit

W1 = Host("w1", [Nic(OTHER_MAC)], address="10.7.0.12", install_on=AnyBlank())
TWO = Site("home", [LAN], [HOST, W1], domain="home.example")
ELSEWHERE = IPv4Address("10.7.0.12")
OTHER_REPORT = replace(
    REPORT,
    boot_mac=OTHER_MAC,
    serial="SERIAL-2",
    system_uuid="6f6b1c0e-0000-4000-8000-000000000002",
    nics=(NicReport("eth0", OTHER_MAC, "x", True),),
)
Story = Callable[[World], Awaitable[None]]


def play(folder: Path, story: Story) -> World:
    """The story in a world with two hosts, their files contributed."""

    async def played() -> World:
        world = await World(TWO).open()
        await world.put_files(folder, "cp1", "w1")
        await story(world)
        return world

    return asyncio.run(played())


async def installing(world: World) -> str:
    """cp1 has its order; the order's token."""
    machine = await world.reported()
    answer = await world.ask("GET", "/agent/order", token=machine.token)
    order = document(answer)
    assert order["kind"] == "install"
    return str(order["report_token"])


async def installed(world: World) -> str:
    token = await installing(world)
    order = world.current().order
    assert order is not None
    written = Written(order.id, BLANK)
    answer = await world.ask("POST", "/agent/written", token=world.current().token, body=written)
    assert answer.status == 200
    return token


def test_by_tftp_a_machine_gets_the_script_that_it_gets_by_http(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        def by_tftp(peer: IPv4Address = ADDRESS) -> bytes | None:
            return world.api.script_by_tftp(peer, LAN.ip_address)

        assert by_tftp() is None  # nobody's address
        world.lease()
        assert by_tftp() is None  # its token isn't stored yet
        await world.machines.heard(MAC)
        assert by_tftp() == (await world.ask("GET", "/boot.ipxe")).body
        world.now += 601
        assert by_tftp() is None  # its lease has expired

    play(tmp_path, story)


def test_the_whole_conversation(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        world.lease()
        script = await world.ask("GET", "/boot.ipxe", query={"mac": MAC, "platform": "efi"})
        assert "harmony.token=token-1 " in script.body.decode()
        answer = await world.ask("POST", "/agent/report", token="token-1", body=REPORT)
        assert document(answer) == {"server_time": world.now}
        assert world.current().state is MachineState.ASSIGNED
        order = document(await world.ask("GET", "/agent/order", token="token-1"))
        assert order["ignition_url"] == "http://10.7.0.1/ignition/token-3"
        half = Progress("token-2", "image", 1, 2)
        assert (
            await world.ask("POST", "/agent/progress", token="token-1", body=half)
        ).status == 200
        config = await world.ask("GET", "/ignition/token-3")
        assert config.body == IGNITION.encode()
        assert ignition_digest(IGNITION) == order["ignition_sha256"]
        begun = Begun("token-2")
        assert (await world.ask("POST", "/agent/begun", token="token-1", body=begun)).status == 200
        written = Written("token-2", BLANK)
        for _ in range(2):
            answer = await world.ask("POST", "/agent/written", token="token-1", body=written)
            assert answer.status == 200
        answer = await world.ask("GET", "/agent/order", token="token-1")
        assert document(answer)["kind"] == "reboot"
        script = await world.ask("GET", "/boot.ipxe", query={"mac": MAC, "platform": "pcbios"})
        assert script.body.decode().endswith("sanboot --no-describe --drive 0x80 || exit\n")
        for _ in range(2):
            first = FirstBoot("0123", "6.1")
            assert (await world.ask("POST", "/first-boot/token-3", body=first)).status == 200

    world = play(tmp_path, story)
    assert world.current().state is MachineState.READY
    assert [kind for kind in world.store.kinds if kind != "ContributionPut"] == [
        "StateChanged",
        "ScriptServed",
        "ReportStored",
        "StateChanged",
        "StateChanged",
        "HostAssigned",
        "InstallOrdered",
        "StateChanged",
        "ImageProgressed",
        "IgnitionServed",
        "WritingBegun",
        "ImageWritten",
        "StateChanged",
        "ScriptServed",
        "FirstBootReported",
        "StateChanged",
    ]


def test_the_order_is_committed_before_it_is_sent(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        machine = await world.reported()
        world.store.full = True
        answer = await world.ask("GET", "/agent/order", token=machine.token)
        assert answer.status == 503
        assert world.current().state is MachineState.ASSIGNED
        world.store.full = False
        answer = await world.ask("GET", "/agent/order", token=machine.token)
        saved = [one.machine for one in world.store.committed if isinstance(one, SaveMachine)]
        assert saved[-1].order is not None
        assert saved[-1].order.id == document(answer)["order"]

    play(tmp_path, story)


def test_written_is_answered_only_when_it_is_committed(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await installing(world)
        order = world.current().order
        assert order is not None
        world.store.full = True
        written = Written(order.id, BLANK)
        answer = await world.ask(
            "POST", "/agent/written", token=world.current().token, body=written
        )
        assert answer.status == 503
        assert world.current().state is MachineState.INSTALLING

    play(tmp_path, story)


def test_ignition_is_for_its_own_machine_while_it_is_installed(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        machine = await world.reported()
        assert (await world.ask("GET", f"/ignition/{machine.token}")).status == 503
        token = await installing(world)
        path = f"/ignition/{token}"
        assert (await world.ask("GET", path)).status == 200
        assert (await world.ask("GET", path, peer=ELSEWHERE)).status == 403  # no lease
        await world.reported(OTHER_REPORT, last=12)
        assert (await world.ask("GET", path, peer=ELSEWHERE)).status == 403  # another's lease
        assert (await world.ask("GET", "/ignition/guess")).status == 403
        assert (await world.ask("GET", "/ignition/")).status == 403
        assert (await world.ask("GET", f"/ignition/{machine.token}")).status == 503
        assert (await world.ask("POST", f"/first-boot/{token}", body=FirstBoot())).status == 200
        assert (await world.ask("GET", path)).status == 410
        assert world.memory.ignitions.keys() == {("w1", ignition_digest(IGNITION))}

    play(tmp_path, story)


def test_a_script_is_only_for_the_address_whose_lease_it_is(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        assert (await world.ask("GET", "/boot.ipxe", query={"mac": MAC})).status == 403
        world.lease()
        world.lease(OTHER_MAC, ELSEWHERE)
        others = await world.ask("GET", "/boot.ipxe", query={"mac": MAC}, peer=ELSEWHERE)
        assert others.status == 403
        assert (await world.ask("GET", "/boot.ipxe", query={"mac": "nonsense"})).status == 422
        assert (await world.ask("GET", "/boot.ipxe")).status == 200
        world.now += 601
        assert (await world.ask("GET", "/boot.ipxe")).status == 403

    play(tmp_path, story)


def test_a_machine_that_boots_from_its_second_card_is_told_that_one(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        second = "52:54:00:07:00:21"
        cards = (*REPORT.nics, NicReport("eth1", second, "virtio", True))
        report = replace(REPORT, nics=cards)
        await world.reported(report)
        token = world.current().token
        world.lease(second, ELSEWHERE)
        query = {"mac": second, "platform": "efi"}
        script = await world.ask("GET", "/boot.ipxe", query=query, peer=ELSEWHERE)
        hyphens = second.replace(":", "-")
        assert f"harmony.token={token} BOOTIF=01-{hyphens} " in script.body.decode()
        said = replace(report, boot_mac=second)
        answer = await world.ask("POST", "/agent/report", token=token, body=said, peer=ELSEWHERE)
        assert answer.status == 200
        assert world.current().report == said
        assert list(world.memory.machines) == [MAC]

    play(tmp_path, story)


def test_another_machines_words_are_refused(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        token = await installing(world)
        own = await world.machine(OTHER_MAC, ELSEWHERE)
        for stolen in (token, "guess", "", None):
            for path in ("report", "progress", "written", "failed"):
                answer = await world.ask("POST", f"/agent/{path}", token=stolen, body={})
                assert answer.status == 403, (path, stolen)
            assert (await world.ask("GET", "/agent/order", token=stolen)).status == 403
        stolen = world.current().token
        assert (await world.ask("GET", "/agent/order", token=stolen, peer=ELSEWHERE)).status == 403
        report = await world.ask(
            "POST", "/agent/report", token=own.token, body=REPORT, peer=ELSEWHERE
        )
        assert report.status == 403  # a report of cp1's MAC from w1's address
        first = await world.ask("POST", f"/first-boot/{token}", body={}, peer=ELSEWHERE)
        assert first.status == 403
        assert world.current().state is MachineState.INSTALLING

    play(tmp_path, story)


def test_a_second_machine_that_claims_a_host_waits(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await world.reported()
        thief_mac = "52:54:00:66:66:66"
        thief = replace(
            REPORT, boot_mac=thief_mac, nics=(*REPORT.nics, NicReport("x", thief_mac, "x", True))
        )
        claimed = await world.reported(thief, last=66)
        assert (claimed.state, claimed.host) == (MachineState.INVENTORIED, None)
        assert world.memory.machine_of(MAC) == world.current()

    play(tmp_path, story)


def test_messages_about_another_order_are_out_of_turn(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await installing(world)
        token = world.current().token
        for path, body in (
            ("begun", Begun("another")),
            ("written", Written("another", BLANK)),
            ("progress", Progress("another", "image", 1, 2)),
            ("failed", Failed("another", "no reason")),
        ):
            assert (await world.ask("POST", f"/agent/{path}", token=token, body=body)).status == 409
        await installed(world)
        order = world.current().order
        assert order is not None
        late = Failed(order.id, "too late")
        assert (await world.ask("POST", "/agent/failed", token=token, body=late)).status == 409

    play(tmp_path, story)


def test_a_failed_install_waits_for_an_operator(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await installing(world)
        order = world.current().order
        assert order is not None
        failed = Failed(order.id, "the disk is gone", ("line 1", "line 2"))
        token = world.current().token
        for _ in range(2):
            answer = await world.ask("POST", "/agent/failed", token=token, body=failed)
            assert answer.status == 200
        assert world.store.kinds.count("MachineFailed") == 1
        assert world.current().state is MachineState.FAILED
        assert world.current().reason == "the disk is gone"

    play(tmp_path, story)
