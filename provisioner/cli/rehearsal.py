"""One rehearsal, inside its lab: the very code of `serve`, until the goal or a stuck machine."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.maestro import Maestro
from inventory.errors import HarmonyError, OperatorError, PeerError
from inventory.machine_state import MachineState
from inventory.site import Site
from kvm.lab.lab import Lab
from provisioner.cli.carry_out import Run, carry_out, services
from provisioner.cli.error_words import error_words
from provisioner.cli.goal import DONE, Goal, Reached, Stuck
from provisioner.cli.marks import ready_nodes
from provisioner.cli.patience import Patience
from provisioner.cli.rehearsal_report import Evidence, report_of
from provisioner.cli.rehearse import Wishes
from provisioner.cli.report import Report
from provisioner.cli.stuck import diagnose


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All that one rehearsal is about."""

    site: Site
    declaration: str
    wishes: Wishes
    lab: Lab
    run: Run
    maestro: Maestro[Any]
    patience: Patience
    installed: Mapping[str, str]
    began: float
    cluster_api: KubernetesApi
    clusters: tuple[str, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        return self.wishes.hosts or tuple(host.name for host in self.site.hosts)


async def rehearse(rehearsal: Rehearsal) -> Report:
    """The whole run; whatever ends it, the report says so."""
    failure = ""
    try:
        async with services(rehearsal.run) as group:
            failure = await _until_over(rehearsal, group)
            await _last_look(rehearsal)
    except HarmonyError as error:
        failure = error_words(error)
    await rehearsal.run.daemon.stop()
    return report_of(_evidence(rehearsal), failure)


async def _last_look(rehearsal: Rehearsal) -> None:
    """For the report; what can't be seen any more is not in it."""
    with contextlib.suppress(PeerError):
        await rehearsal.run.hosts.look()
    with contextlib.suppress(PeerError, OperatorError):
        nodes = await ready_nodes(rehearsal.cluster_api, rehearsal.clusters)
        rehearsal.run.hosts.marks.extend(nodes)


async def _until_over(rehearsal: Rehearsal, group: asyncio.TaskGroup) -> str:
    """Empty if the goal was reached, else the diagnosis."""
    scores = group.create_task(carry_out(rehearsal.run, rehearsal.maestro))
    verdict = group.create_task(_verdict(rehearsal))
    minutes = rehearsal.wishes.timeout
    try:
        await asyncio.wait(
            (scores, verdict),
            timeout=None if minutes is None else minutes * 60,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if verdict.done():
            return _words(rehearsal, verdict.result())
        if not scores.done():
            return _late(rehearsal, f"not finished within {minutes:g} minutes (--timeout)")
        bad = [
            f"{key}: {out.message}" for key, out in scores.result().items() if not out.status.good
        ]
        if bad:
            return "\n".join(bad)
        if rehearsal.wishes.until == DONE:
            return ""
        return _words(rehearsal, await verdict)
    finally:
        for task in (scores, verdict):
            task.cancel()


async def _verdict(rehearsal: Rehearsal) -> Reached | Stuck:
    goal = Goal(rehearsal.hosts, rehearsal.wishes.until)
    heard = 0
    await rehearsal.run.builds.until("ramdisk")
    while True:
        now = time.monotonic()
        events = rehearsal.run.hosts.events
        for event in events[heard:]:
            if event["host"]:
                rehearsal.patience.hear(event["host"], now)
        heard = len(events)
        building = not rehearsal.run.builds.all_done()
        views = rehearsal.run.hosts.hosts
        if found := goal.judge(views, rehearsal.patience, now, building=building):
            return found
        await asyncio.sleep(0.5)


def _words(rehearsal: Rehearsal, verdict: Reached | Stuck) -> str:
    return "" if isinstance(verdict, Reached) else _diagnosis(rehearsal, verdict.host)


def _late(rehearsal: Rehearsal, words: str) -> str:
    """The words, and of each machine that is not ready what it last did and should do next."""
    views = rehearsal.run.hosts.hosts
    states = {name: (views.get(name) or {}).get("state") for name in rehearsal.hosts}
    behind = [name for name, state in states.items() if state != MachineState.READY]
    return "\n".join([words, *(_diagnosis(rehearsal, name) for name in behind)])


def _diagnosis(rehearsal: Rehearsal, name: str) -> str:
    view = rehearsal.run.hosts.hosts.get(name, {"host": name})
    events = [event for event in rehearsal.run.hosts.events if event["host"] == name]
    return diagnose(view, events, _console(rehearsal.lab, name)).text()


def _console(running: Lab, name: str, count: int = 20) -> list[str]:
    try:
        text = running.console(name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]


def _evidence(rehearsal: Rehearsal) -> Evidence:
    return Evidence(
        site=rehearsal.site,
        declaration=rehearsal.declaration,
        began=rehearsal.began,
        ended=time.time(),
        until=rehearsal.wishes.until,
        hosts=rehearsal.hosts,
        views=rehearsal.run.hosts.hosts,
        events=(*rehearsal.run.hosts.marks, *rehearsal.run.hosts.events),
        scores=tuple(rehearsal.run.scores.values()),
        acceleration=rehearsal.lab.acceleration,
        versions=rehearsal.run.builds.versions,
        installed=rehearsal.installed,
        artifacts=rehearsal.run.builds.artifacts(),
    )
