"""What the API shows of nodes and of the API servers themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

NODES = "/api/v1/nodes"
# Kept by the API servers: each renews its own address, and takes out that of one that no longer does.
# Endpoints, as the lab's Kubernetes serves no EndpointSlice of version v1.
API_SERVERS = "/api/v1/namespaces/default/endpoints/kubernetes"


def ready(nodes: Mapping[str, Any]) -> dict[str, bool]:
    """Of a NodeList, by name. A node that its kubelet hasn't told of isn't Ready."""
    return {
        one["metadata"]["name"]: any(
            told.get("type") == "Ready" and told.get("status") == "True"
            for told in objects(one.get("status"), "conditions")
        )
        for one in objects(nodes, "items")
    }


def serving(nodes: Mapping[str, Any], endpoints: Mapping[str, Any] | None) -> frozenset[str]:
    """The nodes on whose address an API server is. The bootstrap's is on none: it is no node."""
    at = {
        address.get("ip")
        for subset in objects(endpoints, "subsets")
        for address in objects(subset, "addresses")
    }
    return frozenset(
        one["metadata"]["name"]
        for one in objects(nodes, "items")
        if any(told.get("address") in at for told in objects(one.get("status"), "addresses"))
    )


def holds(document: Mapping[str, Any] | None, kind: str) -> bool:
    """Whether an object says a condition of itself."""
    told = objects((document or {}).get("status"), "conditions")
    return any(one.get("type") == kind and one.get("status") == "True" for one in told)


def objects(document: object, name: str) -> list[dict[str, Any]]:
    """The objects in a list of `document`; none where that is absent, or is something else."""
    listed = cast("dict[str, Any]", document).get(name) if isinstance(document, dict) else None
    found = cast("list[object]", listed) if isinstance(listed, list) else []
    return [cast("dict[str, Any]", one) for one in found if isinstance(one, dict)]
