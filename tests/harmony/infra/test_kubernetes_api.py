"""The client against a real kube-apiserver."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harmony.domain.capability.kubernetes_api import (
    CsrApproval,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
    PodQuestion,
)
from harmony.infra.errors import (
    ObjectRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from tests.harmony.real_control_plane import RealCluster

pytestmark = pytest.mark.protocol


def settings(name: str, **values: str) -> KubernetesObject:
    return KubernetesObject(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": "default", "labels": {"test": name}},
            "data": values,
        }
    )


def test_an_object_is_written_once_and_again_when_it_differs(asked: Any) -> None:
    async def conversation(api: KubernetesClient) -> list[bool]:
        wishes = [
            settings("once", a="1"),
            settings("once", a="1"),
            settings("once", a="2"),
            settings("once", a="2", b="3"),
        ]
        return [(await api.ensure_object(wish)).changed for wish in wishes]

    assert asked(conversation) == [True, False, True, True]


def test_what_the_manifest_does_not_say_stays(asked: Any) -> None:
    labelled = KubernetesObject(
        {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"ours": "yes"}},
        }
    )

    async def conversation(api: KubernetesClient) -> Any:
        await api.ensure_object(labelled)
        query = ObjectQuery("v1", "Endpoints", "default", "kubernetes")
        return (await api.observe_objects(query))[0].manifest

    found = asked(conversation)
    assert found["metadata"]["labels"]["ours"] == "yes"
    assert found["subsets"][0]["addresses"] == [{"ip": "10.7.0.11"}]


def test_a_value_the_server_spells_otherwise_is_no_change(asked: Any) -> None:
    limits = KubernetesObject(
        {
            "apiVersion": "v1",
            "kind": "LimitRange",
            "metadata": {"name": "spelled", "namespace": "default"},
            "spec": {"limits": [{"type": "Pod", "max": {"cpu": "0.5"}}]},
        }
    )

    async def conversation(api: KubernetesClient) -> list[bool]:
        return [(await api.ensure_object(limits)).changed for _ in range(2)]

    assert asked(conversation) == [True, False]


def test_listing_by_kind_namespace_and_labels(asked: Any) -> None:
    async def conversation(api: KubernetesClient) -> list[tuple[str, ...]]:
        for name in ("list-a", "list-b"):
            await api.ensure_object(settings(name))
        queries = [
            ObjectQuery("v1", "ConfigMap", "default", labels=(("test", "list-a"),)),
            ObjectQuery("v1", "ConfigMap", labels=(("test", "list-b"),)),
            ObjectQuery("v1", "ConfigMap", "kube-system", labels=(("test", "list-a"),)),
            ObjectQuery("v1", "ConfigMap", "default", name="list-b"),
            ObjectQuery("v1", "ConfigMap", "default", name="list-z"),
        ]
        return [
            tuple(found.reference.name for found in await api.observe_objects(query))
            for query in queries
        ]

    assert asked(conversation) == [("list-a",), ("list-b",), (), ("list-b",), ()]


def test_absent_once_and_for_all(asked: Any) -> None:
    async def conversation(api: KubernetesClient) -> list[bool]:
        await api.ensure_object(settings("gone"))
        reference = ObjectReference("v1", "ConfigMap", "gone", "default")
        return [(await api.ensure_absent_object(reference)).changed for _ in range(2)]

    assert asked(conversation) == [True, False]


def test_a_pod_that_is_not_there_is_an_answer(asked: Any) -> None:
    async def conversation(api: KubernetesClient) -> int:
        return (await api.ask_pod(PodQuestion("default", "no-pod", 8080, "/"))).status

    assert asked(conversation) == 404


def test_a_request_that_is_gone_needs_no_approval(asked: Any) -> None:
    async def conversation(api: KubernetesClient) -> bool:
        return (await api.ensure_csr_approved(CsrApproval("gone", "why not"))).changed

    assert asked(conversation) is False


@pytest.mark.parametrize("name", ["Not_A_Name", "We b"])
def test_an_object_that_is_never_taken_is_the_operators_to_mend(asked: Any, name: str) -> None:
    wrong = KubernetesObject({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    async def conversation(api: KubernetesClient) -> None:
        await api.ensure_object(wrong)

    with pytest.raises(ObjectRefusedError, match=f"applying Namespace {name}: .*{name}"):
        asked(conversation)


def test_any_other_refusal_is_told_with_its_status(asked: Any) -> None:
    homeless = KubernetesObject(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "a", "namespace": "no-such-namespace"},
        }
    )

    async def conversation(api: KubernetesClient) -> None:
        await api.ensure_object(homeless)

    with pytest.raises(ServiceRefusedError, match="no-such-namespace") as refused:
        asked(conversation)
    assert refused.value.status == 404


def test_nobody_answers(real_cluster: RealCluster, tmp_path: Path) -> None:
    files = KubeconfigFiles(tmp_path)
    closed = replace(real_cluster.way, server="https://api.home.example:1")

    async def conversation() -> None:
        await files.ensure_kubeconfig(closed)
        client = KubernetesClient(files)
        try:
            await client.observe_objects(ObjectQuery("v1", "Node"))
        finally:
            await client.aclose()

    with pytest.raises(ServiceUnreachableError, match="listing Nodes"):
        asyncio.run(conversation())


def test_a_server_by_another_name_is_not_trusted(real_cluster: RealCluster, tmp_path: Path) -> None:
    files = KubeconfigFiles(tmp_path)
    port = real_cluster.server.rpartition(":")[2]
    false = replace(real_cluster.way, server=f"https://api.other.example:{port}")

    async def conversation() -> None:
        await files.ensure_kubeconfig(false)
        client = KubernetesClient(files)
        try:
            await client.observe_objects(ObjectQuery("v1", "Node"))
        finally:
            await client.aclose()

    with pytest.raises(ServiceUnreachableError, match="certificate"):
        asyncio.run(conversation())
