from __future__ import annotations

import asyncio

import pytest

from harmony.modules.kubernetes.assets import SANDBOX_IMAGE
from harmony.modules.kubernetes.cluster_assets import ClusterAssets, ask_assets
from tests.harmony.modules.kubernetes.examples import CP1
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit


def test_words_for_what_is_being_made() -> None:
    site = RecordingSite(
        preparing={"node-image", "kubernetes/kubelet", "kubernetes/kube-apiserver"}
    )
    assert asyncio.run(ask_assets(site)) == (
        "waiting for node-image, 61 %, about 2 min; kubernetes, 61 %, about 2 min"
    )


def test_all_finished_and_where_a_host_finds_them() -> None:
    site = RecordingSite()
    found = asyncio.run(ask_assets(site))
    assert isinstance(found, ClusterAssets)
    assert found.image.name == "node-image"
    served = asyncio.run(found.at(site, CP1))
    assert sorted(served.binaries) == [
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubelet",
    ]
    digest = found.files["kubernetes/kubelet"].sha256
    assert served.binaries["kubelet"].url == f"http://10.7.0.1/artifacts/{digest}/file"
    assert served.binaries["kubelet"].sha256 == digest
    assert served.sandbox_image == SANDBOX_IMAGE
