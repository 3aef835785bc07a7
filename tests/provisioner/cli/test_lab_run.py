"""A rehearsal's run put together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from harmony.domain.capability.power_control import PowerSpec, PowerState
from inventory.host import Host, Nic
from inventory.site import Site
from kvm.acceleration import Acceleration
from kvm.lab.lab import Lab
from kvm.lab.limits import Limits
from kvm.lab.site_machines import site_machines
from kvm.machine import Virtualization
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.lab_run import lab_run
from provisioner.cli.places import StatePlace
from provisioner.cli.views import Watch
from tests.peers.served_site import LAN

pytestmark = pytest.mark.unit

W1, W2 = Host("w1", [Nic("52:54:00:07:00:12")]), Host("w2")
SITE = Site("home", [LAN], [W1, W2])


def test_a_labs_machines_are_switched_on_and_no_others(tmp_path: Path) -> None:
    class Machine:
        def is_running(self, name: str) -> bool:
            return True

    emulation = Acceleration(Virtualization.EMULATION, "")
    limits = Limits.of_machine(2, 8192, Virtualization.EMULATION)
    machines = site_machines(replace(SITE, hosts=[W1]), tmp_path, limits, {})
    lab = Lab(cast(Any, Machine()), machines, emulation, tmp_path)
    builds = ImageBuilds(tmp_path, tmp_path / "log", lambda row: None)
    run, site = lab_run(SITE, (), StatePlace(tmp_path), builds, Watch(()), lab)
    assert run.site is site
    changes = [asyncio.run(site.ensure_power(PowerSpec(one, PowerState.ON))) for one in (W1, W2)]
    assert [change.what for change in changes] == ["w1 is already on", "w2 is not rehearsed"]
    assert run.hosts.marks == []
