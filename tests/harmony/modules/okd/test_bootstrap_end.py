from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harmony.modules.okd.bootstrap_end import bootstrap_waits, observe_bootstrap
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.modules.okd.cluster_reports import bootstrap_status, etcd_operator

pytestmark = pytest.mark.unit

COMPLETE = bootstrap_status("complete")


@pytest.mark.parametrize(
    ("status", "etcd", "waits"),
    [
        (None, None, "hasn't reported yet (ConfigMap"),
        (None, etcd_operator("True"), "hasn't reported yet (ConfigMap"),
        (bootstrap_status("pending"), etcd_operator("True"), "says 'pending'"),
        ({}, etcd_operator("True"), "says ''"),
        ({"data": "complete"}, etcd_operator("True"), "says ''"),
        (COMPLETE, None, "etcd operator hasn't reported"),
        (COMPLETE, {}, "EtcdBootstrapMemberRemoved isn't reported yet"),
        (COMPLETE, etcd_operator("False"), "EtcdBootstrapMemberRemoved is False"),
        (COMPLETE, etcd_operator("Unknown"), "EtcdBootstrapMemberRemoved is Unknown"),
    ],
)
def test_while_the_bootstrap_node_is_needed(
    status: dict[str, Any] | None, etcd: dict[str, Any] | None, waits: str
) -> None:
    told = bootstrap_waits(status, etcd)
    assert told is not None
    assert waits in told


def test_it_may_go_when_both_are_said() -> None:
    assert bootstrap_waits(COMPLETE, etcd_operator("True")) is None


def test_a_cluster_is_asked_for_both() -> None:
    site = RecordingSite(api_up=True)
    told: list[str | None] = []
    for put in (
        bootstrap_status("pending"),
        COMPLETE,
        etcd_operator("False"),
        etcd_operator("True"),
    ):
        site.put(put)
        told.append(asyncio.run(observe_bootstrap(site, "home")))
    said = [one if one is None else one.partition(":")[0] for one in told]
    assert said == [
        "the control plane isn't on its own yet",
        "the etcd operator hasn't reported yet (Etcd cluster)",
        "the bootstrap node is still a member of etcd",
        None,
    ]
