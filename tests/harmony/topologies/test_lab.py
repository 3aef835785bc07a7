"""A lab is a site that can make machines."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from harmony.domain.capability import VirtualMachineHost
from harmony.domain.topology import capabilities, supports
from harmony.topologies.lab import LabSite
from harmony.topologies.machine_site import MachineSite
from tests.harmony.topologies.test_served_site import Everything, adapters

pytestmark = pytest.mark.unit


def test_it_has_all_of_a_site_and_makes_machines() -> None:
    machines = Everything("machines")
    site = LabSite(adapters()[0], cast(Any, machines))
    assert all(supports(LabSite, one) for one in capabilities(MachineSite))
    assert isinstance(site, VirtualMachineHost)
    for method in sorted(getattr(VirtualMachineHost, "__abstractmethods__", ())):
        spec = object()
        assert asyncio.run(getattr(site, method)(spec)) == f"machines.{method}"
        assert machines.heard[-1] == ("machines", method, spec)
    assert len(machines.heard) == 3


def test_its_words() -> None:
    site = LabSite(adapters()[0], cast(Any, Everything("machines")))
    assert asyncio.run(site.ensure_ready()).message == "lab of site home is served"
