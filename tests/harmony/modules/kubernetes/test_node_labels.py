from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest

from harmony.domain.capability.installed_machines import LastOrder
from harmony.domain.capability.kubernetes_api import KubernetesObject
from harmony.domain.outcome import Change
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.modules.kubernetes.node_labels import (
    ensure_node_labels,
    is_of_another_installation,
)
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes
from harmony.modules.kubernetes.plan import Role
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.real_control_plane import RealCluster

T = TypeVar("T")

FIRST = LastOrder(1_700_000_000.4, "image", "config")
SECOND = LastOrder(1_700_000_900.4, "image", "config")
ROLE = "node-role.kubernetes.io/worker"
INSTALLED = "node-restriction.kubernetes.io/installed"


def seen(site: RecordingSite) -> NodeState:
    return asyncio.run(observe_nodes(site, "home"))["w1"]


def ensure(site: RecordingSite, order: LastOrder | None) -> list[Change]:
    return asyncio.run(ensure_node_labels(site, "home", seen(site), Role.WORKER, order))


def labelled(order: LastOrder | None) -> RecordingSite:
    site = RecordingSite(api_up=True)
    site.put(node("w1"))
    assert len(ensure(site, order)) == 1
    assert ensure(site, order) == []
    return site


@pytest.mark.unit
def test_a_node_has_its_role_and_its_installation() -> None:
    assert seen(labelled(FIRST)).labels == {ROLE: "", INSTALLED: "1700000000"}


@pytest.mark.unit
def test_a_label_that_was_given_stays() -> None:
    site = labelled(FIRST)
    assert ensure(site, SECOND) == []
    assert ensure(site, None) == []
    assert is_of_another_installation(seen(site), SECOND)
    assert not is_of_another_installation(seen(site), FIRST)


@pytest.mark.unit
def test_what_is_not_known_is_not_said_and_not_held_against_the_node() -> None:
    site = labelled(None)
    assert seen(site).labels == {ROLE: ""}
    assert not is_of_another_installation(seen(site), FIRST)
    assert len(ensure(site, FIRST)) == 1
    assert seen(site).labels == {ROLE: "", INSTALLED: "1700000000"}


@pytest.mark.protocol
def test_a_kubelet_changes_neither_label(real_cluster: RealCluster, tmp_path: Path) -> None:
    def real(conversation: Callable[[KubernetesClient], Awaitable[T]]) -> T:
        client = real_cluster.client(tmp_path)

        async def whole() -> T:
            try:
                return await conversation(client)
            finally:
                await client.aclose()

        return asyncio.run(whole())

    async def label(api: KubernetesClient) -> list[Change]:
        state = (await observe_nodes(api, "home"))["labelled"]
        return await ensure_node_labels(api, "home", state, Role.WORKER, FIRST)

    bare = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "labelled"}}
    real(lambda api: api.ensure_object(KubernetesObject(bare, "home")))
    assert [change.changed for change in real(label)] == [True]
    assert real(label) == []
    for name in (INSTALLED, ROLE):
        assert changed_by_kubelet(real_cluster, tmp_path, "labelled", name) == 403
    assert changed_by_kubelet(real_cluster, tmp_path, "labelled", "harmless.example/name") == 200
    labels = real(lambda api: observe_nodes(api, "home"))["labelled"].labels
    assert (labels[ROLE], labels[INSTALLED]) == ("", "1700000000")


def changed_by_kubelet(cluster: RealCluster, folder: Path, node: str, label: str) -> int:
    """The status of its answer when the node itself wants another value."""
    context = ssl.create_default_context(cadata=cluster.way.ca_certificate)
    pair = folder / "admin.pem"
    pair.write_text(cluster.way.client_certificate + cluster.way.client_key)
    context.load_cert_chain(pair)
    headers = {
        "Impersonate-User": f"system:node:{node}",
        "Impersonate-Group": "system:nodes",
        "Content-Type": "application/merge-patch+json",
    }
    url = f"https://127.0.0.1:{cluster.server.rpartition(':')[2]}/api/v1/nodes/{node}"
    with httpx2.Client(verify=context, timeout=20.0) as client:
        wish = {"metadata": {"labels": {label: "mine"}}}
        return client.patch(url, json=wish, headers=headers).status_code
