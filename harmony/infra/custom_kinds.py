"""Kinds that a cluster has by a CustomResourceDefinition: their plural and scope are asked of its API.

Source: https://kubernetes.io/docs/reference/using-api/#api-groups (discovery of `/apis/GROUP/VERSION`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx2
import pydantic
from lightkube import generic_resource

from harmony.infra.errors import KindNotServedError, ServiceRefusedError

_NOT_FOUND = 404


class _Served(pydantic.BaseModel):
    """One entry of an APIResourceList."""

    name: str
    kind: str
    namespaced: bool


class _ServedKinds(pydantic.BaseModel):
    """An APIResourceList."""

    resources: tuple[_Served, ...]


async def custom_kind(api: httpx2.AsyncClient, api_version: str, kind: str) -> Any:
    """lightkube's class for the kind, made as the API server says that it is.

    Raises KindNotServedError, ServiceRefusedError for an answer that can't be read, and httpx2's own.
    """
    group, _, version = api_version.rpartition("/")
    if not group:
        raise KindNotServedError(_not_served(api_version, kind))
    answer = await api.get(f"/apis/{group}/{version}")
    if answer.status_code == _NOT_FOUND:
        raise KindNotServedError(_not_served(api_version, kind))
    answer.raise_for_status()
    found = _find(kind, _read(api_version, answer.content))
    if found is None:
        raise KindNotServedError(_not_served(api_version, kind))
    classes: Any = generic_resource  # whose types are only partly known to type checkers
    if found.namespaced:
        return classes.create_namespaced_resource(group, version, kind, found.name)
    return classes.create_global_resource(group, version, kind, found.name)


def _read(api_version: str, document: bytes) -> tuple[_Served, ...]:
    try:
        return _ServedKinds.model_validate_json(document).resources
    except pydantic.ValidationError as error:
        raise ServiceRefusedError(
            f"the kinds of {api_version}, as the API server lists them, can't be read: {error}"
        ) from error


def _find(kind: str, served: Iterable[_Served]) -> _Served | None:
    """Not the subresources (`jobs/status`), which are listed with their parent's kind."""
    return next((one for one in served if one.kind == kind and "/" not in one.name), None)


def _not_served(api_version: str, kind: str) -> str:
    return f"the cluster doesn't serve {kind} of {api_version} (yet)"
