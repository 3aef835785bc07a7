"""What the daemon can't see of a host's way, as events of its form: power-on, and node Ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesApi, ObjectQuery
from harmony.infra.libvirt_power import PowerButtons


class NotedStarts(PowerButtons):
    """Power buttons that `note` a PoweredOn with each start; `clock` in epoch seconds."""

    def __init__(
        self,
        buttons: PowerButtons,
        note: Callable[[Mapping[str, Any]], object],
        clock: Callable[[], float],
    ) -> None:
        self._buttons = buttons
        self._note = note
        self._clock = clock

    @override
    def start(self, name: str) -> bool:
        started = self._buttons.start(name)
        if started:
            self._note(mark("PoweredOn", name, self._clock()))
        return started

    @override
    def stop(self, name: str) -> bool:
        return self._buttons.stop(name)

    @override
    def is_running(self, name: str) -> bool | None:
        return self._buttons.is_running(name)


async def ready_nodes(api: KubernetesApi, clusters: Iterable[str]) -> list[Mapping[str, Any]]:
    """A NodeReady for each node that is, at the time of its Ready condition's last transition.

    Raises what `observe_objects` does: ServiceUnreachableError, UnknownClusterError …
    """
    found: list[Mapping[str, Any]] = []
    for cluster in clusters:
        for node in await api.observe_objects(ObjectQuery("v1", "Node", cluster=cluster)):
            manifest = node.manifest
            for condition in manifest.get("status", {}).get("conditions", ()):
                if (condition["type"], condition["status"]) == ("Ready", "True"):
                    since = datetime.fromisoformat(condition["lastTransitionTime"])
                    name = manifest["metadata"]["name"]
                    found.append(mark("NodeReady", name, since.timestamp()))
    return found


def mark(kind: str, host: str, time: float) -> Mapping[str, Any]:
    """An event as the daemon's API gives them, without a number in its log."""
    return {"kind": kind, "host": host, "time": time, "mac": None, "detail": {}}
