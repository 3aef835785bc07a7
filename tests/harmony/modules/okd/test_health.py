from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.kubernetes_api import KubernetesObject
from harmony.modules.okd.health import (
    EVERY,
    OPERATORS,
    VERSION,
    ReportingKind,
    ailing,
    observe_health,
)
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.modules.okd.cluster_reports import healthy_cluster, report

pytestmark = pytest.mark.unit

AWRY = [
    (of, kind, wrong)
    for of in EVERY
    for kind, status in of.healthy.items()
    for wrong in ("True" if status == "False" else "False", "Unknown")
]


@pytest.mark.parametrize(("of", "kind", "wrong"), AWRY)
def test_each_condition_counts(of: ReportingKind, kind: str, wrong: str) -> None:
    site = RecordingSite(api_up=True)
    for one in healthy_cluster():
        site.put(one)
    assert asyncio.run(observe_health(site, "home")) == ()
    site.put(report(of, "odd", **{kind: wrong}))
    told = asyncio.run(observe_health(site, "home"))
    assert told == (f"{of.kind} odd: {kind} is {wrong}",)


@pytest.mark.parametrize("of", EVERY, ids=lambda of: of.kind)
def test_a_kind_without_objects_is_not_well(of: ReportingKind) -> None:
    assert ailing(of, ()) == (f"no {of.kind} is there yet",)


def test_all_that_is_wrong_is_told_in_the_order_of_names() -> None:
    found = [
        KubernetesObject(report(OPERATORS, "network", Available="False", Progressing="True")),
        KubernetesObject(report(OPERATORS, "dns")),
        KubernetesObject(report(OPERATORS, "console", Degraded="True")),
    ]
    assert ailing(OPERATORS, found) == (
        "ClusterOperator console: Degraded is True",
        "ClusterOperator network: Available is False; Progressing is True",
    )


def test_one_that_has_reported_nothing_yet() -> None:
    bare = {
        "apiVersion": VERSION.api_version,
        "kind": VERSION.kind,
        "metadata": {"name": "version"},
    }
    (told,) = ailing(VERSION, [KubernetesObject(bare)])
    assert told.startswith("ClusterVersion version: Available isn't reported yet; Failing isn't")
