"""Kinds of a real API server that nobody has told us of, and answers that no API server should give."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from harmony.domain.capability.kubernetes_api import (
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
)
from harmony.infra.custom_kinds import custom_kind
from harmony.infra.errors import KindNotServedError, ServiceRefusedError
from harmony.infra.kubernetes_api import KubernetesClient

GROUP = "rack.home.example"
VERSION = f"{GROUP}/v1"
SECONDS_TO_BE_SERVED = 30


def definition(kind: str, plural: str, scope: str) -> KubernetesObject:
    """Objects of the kind may have anything in them."""
    schema: dict[str, object] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version: dict[str, object] = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": dict[str, object](status={}),
    }
    return KubernetesObject(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{GROUP}"},
            "spec": {
                "group": GROUP,
                "names": {"kind": kind, "plural": plural},
                "scope": scope,
                "versions": [version],
            },
        }
    )


async def served(api: KubernetesClient, kind: str) -> None:
    """Returns once the API server lists the kind."""
    async with asyncio.timeout(SECONDS_TO_BE_SERVED):
        while True:
            try:
                await api.observe_objects(ObjectQuery(VERSION, kind))
                return
            except KindNotServedError:
                await asyncio.sleep(0.1)


@pytest.mark.protocol
@pytest.mark.parametrize(
    ("kind", "plural", "scope", "namespace"),
    [("Shelf", "shelves", "Cluster", None), ("Chassis", "chassis", "Namespaced", "default")],
)
def test_objects_of_a_custom_kind_are_like_all_others(
    asked: Any, kind: str, plural: str, scope: str, namespace: str | None
) -> None:
    metadata = {"name": "top"} | ({} if namespace is None else {"namespace": namespace})
    wish = KubernetesObject(
        {"apiVersion": VERSION, "kind": kind, "metadata": metadata, "spec": {"units": 42}}
    )
    named = ObjectReference(VERSION, kind, "top", namespace)

    async def conversation(api: KubernetesClient) -> list[object]:
        await api.ensure_object(definition(kind, plural, scope))
        await served(api, kind)
        written = [(await api.ensure_object(wish)).changed for _ in range(2)]
        listed = await api.observe_objects(ObjectQuery(VERSION, kind))
        units = [one.manifest["spec"]["units"] for one in listed]
        removed = [(await api.ensure_absent_object(named)).changed for _ in range(2)]
        return [written, units, removed, await api.observe_objects(ObjectQuery(VERSION, kind))]

    assert asked(conversation) == [[True, False], [42], [True, False], ()]


@pytest.mark.protocol
@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("v1", "Nonsense"),
        ("apps/v1", "Nonsense"),
        ("nobody.home.example/v1", "Nonsense"),
    ],
)
def test_a_kind_that_is_not_served_is_named(asked: Any, version: str, kind: str) -> None:
    async def conversation(api: KubernetesClient) -> None:
        await api.observe_objects(ObjectQuery(version, kind))

    with pytest.raises(KindNotServedError, match=f"{kind} of {version}"):
        asked(conversation)


@pytest.mark.unit
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"resources": [{"name": "racks"}]}'])
def test_a_list_that_cannot_be_read_is_refused(body: bytes) -> None:
    async def ask() -> None:
        answering = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
        async with httpx2.AsyncClient(
            transport=answering, base_url="https://api.home.example"
        ) as api:
            await custom_kind(api, VERSION, "Rack")

    with pytest.raises(ServiceRefusedError, match=VERSION):
        asyncio.run(ask())


@pytest.mark.unit
def test_a_subresource_is_not_taken_for_its_parent() -> None:
    listed = [
        {"name": "racks/status", "kind": "Rack", "namespaced": True},
        {"name": "racks", "kind": "Rack", "namespaced": True},
    ]

    async def ask() -> str:
        answering = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"resources": listed}))
        async with httpx2.AsyncClient(
            transport=answering, base_url="https://api.home.example"
        ) as api:
            found = await custom_kind(api, "subresources.home.example/v1", "Rack")
        return str(found._api_info.plural)

    assert asyncio.run(ask()) == "racks"
