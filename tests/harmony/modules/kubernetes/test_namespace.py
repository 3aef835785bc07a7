from __future__ import annotations

import pytest

from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Status
from harmony.modules.kubernetes.namespace import Namespace, namespace_object
from tests.harmony.idempotence import assert_idempotent, outcome_on
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

WEB = Namespace("web")


def test_second_run_changes_nothing() -> None:
    site = RecordingSite(api_up=True)
    assert assert_idempotent(site, WEB).message == "namespace web is there"
    assert site.names("Namespace") == ["web"]


def test_what_others_add_to_it_stays() -> None:
    site = RecordingSite(api_up=True)
    labelled = {"name": "web", "labels": {"team": "shop"}}
    site.put({"apiVersion": "v1", "kind": "Namespace", "metadata": labelled})
    assert outcome_on(site, WEB).status is Status.NOOP
    assert site.objects[("Namespace", None, "web")]["metadata"] == labelled


def test_the_manifest() -> None:
    made = namespace_object("web", "home")
    assert made.cluster == "home"
    assert made.manifest == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "web"},
    }


def test_one_namespace_in_two_clusters() -> None:
    assert Namespace("web", "a").key() == "namespace/a/web"
    assert Namespace("web", "b").key() == "namespace/b/web"


def test_the_only_cluster_is_the_same_named_or_not() -> None:
    assert WEB.through(KubernetesApi, "home") == Namespace("web", "home")


def test_json_there_and_back() -> None:
    assert from_document(to_document(WEB), (Namespace,)) == WEB
    assert WEB.key() == "namespace/web"
