from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter

from inventory.host import AnyBlank, Host, MatchRule
from inventory.machine_state import MachineState
from inventory.site import Site
from provisioner.agent.messages import HardwareReport, Progress
from provisioner.ports import Event, LoggedEvent
from provisioner.protocol.boot.silence import BETWEEN_PROGRAMS
from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.event import DiscoverHeard
from provisioner.serve.views import EventView, ProgressView, Views, event_view
from tests.provisioner.protocol.boot.reports import reports
from tests.provisioner.protocol.boot.values import BLANK, HOST, LAN, MAC, REPORT
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit


def test_a_host_through_its_life(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        views = Views(world.ledger)

        def seen() -> tuple[str | None, MachineState | None, str | None, str]:
            (host,) = views.hosts()
            return host.machine, host.state, host.address, host.waiting_for

        assert seen() == (None, None, "10.7.0.11", "its first network boot")
        await world.machine()
        assert seen() == (MAC, MachineState.DISCOVERED, "10.7.0.11", "its hardware report")
        await world.reported()
        assert seen()[3] == "an installation, which no Score has asked for yet"
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(world.current(), "http://10.7.0.1")
        order = world.current().order
        assert order is not None
        world.machines.progressed(world.current(), Progress(order.id, "image", 1, 2))
        (host,) = views.hosts()
        assert host.progress == ProgressView("image", 1, 2)
        assert host.hardware == REPORT
        assert host.installed_order is not None
        assert host.installed_order.disk == BLANK
        shown = repr(views.hosts()) + repr(views.machines())
        assert order.token not in shown
        assert world.current().token not in shown

    asyncio.run(story())


def test_a_machine_that_is_not_heard_any_more_is_silent() -> None:
    async def story() -> None:
        world = await World().open()
        views = Views(world.ledger)

        def silent_after(seconds: float) -> bool:
            world.now += seconds
            return views.hosts()[0].silent

        assert not silent_after(10_000)  # never seen
        token = (await world.reported()).token
        assert not silent_after(BETWEEN_PROGRAMS)
        assert silent_after(1)
        world.lease()
        await world.ask("POST", "/agent/report", token=token, body=REPORT)
        assert not silent_after(BETWEEN_PROGRAMS)
        leases = world.memory.leases_of("lan")
        world.events.note(DiscoverHeard(MAC, ClientKind.PXE, 0, "bios", None, ""), leases)
        assert not silent_after(BETWEEN_PROGRAMS)
        assert silent_after(1)
        world.force(MachineState.READY)
        assert not silent_after(LAN.lease_time - BETWEEN_PROGRAMS - 1)
        assert silent_after(1)

    asyncio.run(story())


@settings(deadline=None)
@given(reports)
def test_whatever_one_machine_reports_all_are_shown(report: HardwareReport) -> None:
    async def story() -> None:
        by_rule = Host("w1", match=MatchRule(min_memory_gib=1), install_on=AnyBlank())
        world = await World(Site("home", [LAN], [HOST, by_rule])).open()
        with tempfile.TemporaryDirectory() as folder:
            await world.put_files(Path(folder), "cp1", "w1")
            token = (await world.machine()).token
            answer = await world.ask("POST", "/agent/report", token=token, body=report)
            assert answer.status in (200, 422)
            views = Views(world.ledger)
            for _ in range(2):
                TypeAdapter(object).dump_json([views.hosts(), views.machines()])
                await world.ledger.match_again()

    asyncio.run(story())


def test_machines_say_which_hosts_they_are_not_and_why() -> None:
    async def story() -> None:
        other = Host("w1", serial="ANOTHER", install_on=AnyBlank())
        world = await World(Site("home", [LAN], [HOST, other])).open()
        views = Views(world.ledger)
        await world.machine()
        assert views.machines()[0].match == "it hasn't reported its hardware yet"
        await world.reported()
        assert views.machines()[0].match == "it is cp1"
        mac = "52:54:00:07:00:99"
        stranger = replace(REPORT, boot_mac=mac, nics=(replace(REPORT.nics[0], mac=mac),))
        await world.reported(stranger, last=99)
        view = views.machines()[1]
        assert view.match == "it is no declared host"
        assert {one.host: one.reasons for one in view.candidates} == {
            "cp1": (f"is machine {MAC} already",),
            "w1": ("is known by serial ANOTHER",),
        }
        assert view.waiting_for.startswith("approval")

    asyncio.run(story())


def test_events() -> None:
    event = Event(1.0, "OfferSent", MAC, "cp1", {"address": "10.7.0.11"})
    assert event_view(LoggedEvent(7, event)) == EventView(
        7, 1.0, "cp1", MAC, "OfferSent", {"address": "10.7.0.11"}
    )
