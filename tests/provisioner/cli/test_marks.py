"""PoweredOn by the buttons, NodeReady by the nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from typing_extensions import override

from harmony.infra.libvirt_power import PowerButtons
from provisioner.cli.marks import NotedStarts, mark, ready_nodes
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit


class Buttons(PowerButtons):
    def __init__(self) -> None:
        self.on: set[str] = set()

    @override
    def start(self, name: str) -> bool:
        changed = name not in self.on
        self.on.add(name)
        return changed

    @override
    def stop(self, name: str) -> bool:
        changed = name in self.on
        self.on.discard(name)
        return changed

    @override
    def is_running(self, name: str) -> bool | None:
        return name in self.on


def test_a_start_is_noted_when_it_is_one() -> None:
    noted: list[Mapping[str, Any]] = []
    times = iter((10.0, 20.0))
    buttons = NotedStarts(Buttons(), noted.append, lambda: next(times))
    assert [buttons.start("w1"), buttons.start("w1"), buttons.is_running("w1")] == [
        True,
        False,
        True,
    ]
    assert [buttons.stop("w1"), buttons.stop("w1"), buttons.start("w1")] == [True, False, True]
    assert noted == [mark("PoweredOn", "w1", 10.0), mark("PoweredOn", "w1", 20.0)]


def test_nodes_that_are_ready() -> None:
    site = RecordingSite(api_up=True)
    for name, ready in (("cp1", True), ("w1", False)):
        manifest = node(name, ready=ready)
        manifest["status"]["conditions"][0]["lastTransitionTime"] = "2026-11-23T03:04:05Z"
        manifest["status"]["conditions"].insert(0, {"type": "DiskPressure", "status": "True"})
        site.put(manifest)
    site.put({"kind": "Node", "metadata": {"name": "w2"}})
    assert asyncio.run(ready_nodes(site, ["home"])) == [mark("NodeReady", "cp1", 1795403045.0)]
    assert asyncio.run(ready_nodes(site, [])) == []
