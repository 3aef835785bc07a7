"""Pods of a workload: which of them count, and why one that should run does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Manifest = Mapping[str, Any]

_OVER = ("Failed", "Succeeded")
# Reasons for waiting that pass by themselves.
_ON_ITS_WAY = ("ContainerCreating", "PodInitializing")


def living(pods: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Those that run or will: an evicted pod stays in the list for ever, another one replaces it."""
    return tuple(
        pod
        for pod in pods
        if "deletionTimestamp" not in pod["metadata"]
        and pod.get("status", {}).get("phase") not in _OVER
    )


def pod_troubles(pods: Iterable[Manifest]) -> tuple[str, ...]:
    """Why pods are not ready, in Kubernetes' own words; nothing of those that are on their way."""
    return tuple(words for pod in living(pods) for words in _troubles(pod))


def workload_troubles(workload: Manifest) -> tuple[str, ...]:
    """Why a Deployment does not get on, as its controller says: no quota, nothing moves any more."""
    return tuple(
        _words(condition)
        for condition in workload.get("status", {}).get("conditions") or ()
        if (condition["type"], condition["status"])
        in (("Progressing", "False"), ("ReplicaFailure", "True"))
    )


def _troubles(pod: Manifest) -> Iterator[str]:
    name, status = pod["metadata"]["name"], pod.get("status", {})
    for condition in status.get("conditions") or ():
        if (condition["type"], condition["status"]) == ("PodScheduled", "False"):
            yield f"pod {name}: {_words(condition)}"
    for container in status.get("containerStatuses") or ():
        waiting = container.get("state", {}).get("waiting")
        if waiting and waiting.get("reason") not in _ON_ITS_WAY:
            yield f"pod {name}: {_words(waiting)}{_exit(container)}"


def _words(said: Manifest) -> str:
    return ": ".join(said[part] for part in ("reason", "message") if said.get(part))


def _exit(container: Manifest) -> str:
    """How a container that is started again and again ended the last time."""
    ended = container.get("lastState", {}).get("terminated")
    if not ended:
        return ""
    said = f": {ended['message'].strip()}" if ended.get("message") else ""
    return f" (it ended with {ended['exitCode']}{said})"
