from __future__ import annotations

import pytest

from harmony.domain.capability.kubernetes_api import KubernetesObject, ObjectReference

pytestmark = pytest.mark.unit


def test_an_object_knows_its_reference() -> None:
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "hello", "namespace": "web"},
    }
    assert KubernetesObject(manifest, cluster="home").reference == ObjectReference(
        "apps/v1", "Deployment", "hello", "web", "home"
    )


def test_what_has_no_namespace() -> None:
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "web"}}
    assert KubernetesObject(manifest).reference == ObjectReference("v1", "Namespace", "web")
