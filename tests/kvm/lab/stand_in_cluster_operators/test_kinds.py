from __future__ import annotations

import pytest

from kvm.lab.stand_in_cluster_operators.kinds import EVERY, VERSION

pytestmark = pytest.mark.unit


def test_they_have_their_real_names() -> None:
    assert [kind.definition()["metadata"]["name"] for kind in EVERY] == [
        "clusterversions.config.openshift.io",
        "clusteroperators.config.openshift.io",
        "machineconfigpools.machineconfiguration.openshift.io",
        "etcds.operator.openshift.io",
    ]


def test_an_object_is_at_its_place() -> None:
    assert VERSION.place == "/apis/config.openshift.io/v1/clusterversions"
    assert VERSION.object("version") == {
        "apiVersion": "config.openshift.io/v1",
        "kind": "ClusterVersion",
        "metadata": {"name": "version"},
        "spec": {},
    }
