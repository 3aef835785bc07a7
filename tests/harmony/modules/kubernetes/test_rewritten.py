from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.installed_machines import LastOrder, MachineCondition
from harmony.modules.kubernetes.node_labels import ensure_node_labels
from harmony.modules.kubernetes.node_state import observe_nodes
from harmony.modules.kubernetes.plan import Role
from harmony.modules.kubernetes.rewritten import forget_rewritten
from harmony.modules.kubernetes.signing import observe_requests
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.still_site import StillSite

pytestmark = pytest.mark.unit

ORDER = LastOrder(1_700_000_000.0, "image", "config")
NEWER = LastOrder(1_700_000_100.0, "image", "config")


def nodes_after_a_look(site: StillSite, condition: MachineCondition) -> list[str]:
    async def look() -> list[str]:
        nodes = await observe_nodes(site, "home")
        requests = await observe_requests(site, "home")
        await forget_rewritten(site, "home", [condition], nodes, requests)
        return sorted(nodes)

    return asyncio.run(look())


def site_with_node(*, ready: bool, labelled: LastOrder | None = None) -> StillSite:
    site = StillSite(api_up=True)
    site.put(node("w1", ready=ready))

    async def label() -> None:
        found = await observe_nodes(site, "home")
        await ensure_node_labels(site, "home", found["w1"], Role.WORKER, labelled)

    asyncio.run(label())
    return site


@pytest.mark.parametrize("state", [MachineState.ASSIGNED, MachineState.INSTALLING])
def test_what_is_being_written_is_forgotten(state: MachineState) -> None:
    site = site_with_node(ready=True)
    assert nodes_after_a_look(site, MachineCondition("w1", state)) == []
    assert site.names("Node") == []


@pytest.mark.parametrize("state", [None, MachineState.INSTALLED, MachineState.READY])
def test_what_is_on_its_disk_stays(state: MachineState | None) -> None:
    site = site_with_node(ready=False)
    assert nodes_after_a_look(site, MachineCondition("w1", state)) == ["w1"]


@pytest.mark.parametrize(("ready", "kept"), [(True, ["w1"]), (False, [])])
def test_what_was_written_while_nobody_looked_is_forgotten_unless_it_is_in_use(
    ready: bool, kept: list[str]
) -> None:
    site = site_with_node(ready=ready, labelled=ORDER)
    condition = MachineCondition("w1", MachineState.READY, order=NEWER)
    assert nodes_after_a_look(site, condition) == kept


def test_the_installation_that_it_joined_with_stays() -> None:
    site = site_with_node(ready=False, labelled=ORDER)
    condition = MachineCondition("w1", MachineState.READY, order=ORDER)
    assert nodes_after_a_look(site, condition) == ["w1"]
