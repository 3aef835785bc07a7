from __future__ import annotations

from typing import Any

import pytest

from harmony.modules.kubernetes.pods import living, pod_troubles, workload_troubles

pytestmark = pytest.mark.unit

PULL = "rpc error: code = NotFound desc = failed to pull and unpack image"
BACK_OFF = "back-off 10s restarting failed container=hello pod=hello-0"


def pod(name: str = "hello-0", **status: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "status": {"phase": "Pending", **status}}


def waiting(reason: str, message: str = "", **more: Any) -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": message}}
    return pod(containerStatuses=[{"name": "hello", "state": state, **more}])


def unschedulable(status: str = "False") -> dict[str, Any]:
    return pod(
        conditions=[
            {
                "type": "PodScheduled",
                "status": status,
                "reason": "Unschedulable",
                "message": "0/1 nodes are available: 1 node(s) had taints",
            }
        ]
    )


def test_the_living_among_them() -> None:
    leaving = {"metadata": {"name": "b", "deletionTimestamp": "2026-11-23T03:04:05Z"}}
    fresh = {"metadata": {"name": "c"}}
    found = living(
        [pod("a", phase="Running"), leaving, fresh, pod("d", phase="Failed", reason="Evicted")]
    )
    assert [one["metadata"]["name"] for one in found] == ["a", "c"]
    assert living([pod(phase="Succeeded")]) == ()


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (pod(), ()),
        (waiting("ContainerCreating"), ()),
        (pod(containerStatuses=[{"name": "hello", "state": {"running": {}}}]), ()),
        (unschedulable("True"), ()),
        (
            unschedulable(),
            ("pod hello-0: Unschedulable: 0/1 nodes are available: 1 node(s) had taints",),
        ),
        (waiting("ErrImagePull", PULL), (f"pod hello-0: ErrImagePull: {PULL}",)),
        (waiting("InvalidImageName"), ("pod hello-0: InvalidImageName",)),
        (
            waiting("CrashLoopBackOff", BACK_OFF, lastState={"terminated": {"exitCode": 2}}),
            (f"pod hello-0: CrashLoopBackOff: {BACK_OFF} (it ended with 2)",),
        ),
        (
            waiting(
                "CrashLoopBackOff",
                BACK_OFF,
                lastState={"terminated": {"exitCode": 1, "message": "no such file\n"}},
            ),
            (f"pod hello-0: CrashLoopBackOff: {BACK_OFF} (it ended with 1: no such file)",),
        ),
    ],
)
def test_why_a_pod_is_not_ready(seen: dict[str, Any], words: tuple[str, ...]) -> None:
    assert pod_troubles([seen]) == words


def test_of_the_dead_nothing() -> None:
    assert pod_troubles([{**waiting("ErrImagePull"), **pod(phase="Failed")}]) == ()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("Progressing", "True", ()),
        ("Available", "False", ()),
        ("Progressing", "False", ("ProgressDeadlineExceeded: it has timed out progressing",)),
        ("ReplicaFailure", "True", ("ProgressDeadlineExceeded: it has timed out progressing",)),
    ],
)
def test_why_a_workload_does_not_get_on(kind: str, status: str, words: tuple[str, ...]) -> None:
    condition = {
        "type": kind,
        "status": status,
        "reason": "ProgressDeadlineExceeded",
        "message": "it has timed out progressing",
    }
    assert workload_troubles({"status": {"conditions": [condition]}}) == words
    assert workload_troubles({}) == ()
