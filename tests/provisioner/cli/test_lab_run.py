"""A rehearsal's run put together."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from harmony.domain.capability.power_control import PowerSpec, PowerState
from inventory.host import Host, Nic
from inventory.site import Site
from kvm.acceleration import Acceleration
from kvm.lab.lab import Lab
from kvm.machine import Virtualization
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.lab_run import lab_run
from provisioner.cli.places import StatePlace
from provisioner.cli.views import Watch
from tests.peers.served_site import LAN

pytestmark = pytest.mark.unit

W1 = Host("w1", [Nic("52:54:00:07:00:12")])
SITE = Site("home", [LAN], [W1])


def test_a_lab_notes_when_its_machines_are_switched_on(tmp_path: Path) -> None:
    class Machine:
        def is_running(self, name: str) -> bool:
            return True

    emulation = Acceleration(Virtualization.EMULATION, "")
    lab = Lab(cast(Any, Machine()), (), emulation, tmp_path)
    builds = ImageBuilds(tmp_path, tmp_path / "log", lambda row: None)
    run, site = lab_run(SITE, StatePlace(tmp_path), builds, Watch(()), lab)
    assert run.site is site
    change = asyncio.run(site.ensure_power(PowerSpec(W1, PowerState.ON)))
    assert (change.what, run.hosts.marks) == ("w1 is already on", [])
