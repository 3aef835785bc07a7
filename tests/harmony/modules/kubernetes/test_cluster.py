from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from harmony.domain.capability import KubernetesApi
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Status
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.score import HasCheck, HasReadiness, HasSmokeTest, HasUpkeep
from harmony.modules.kubernetes.cluster import KubernetesCluster
from harmony.modules.kubernetes.plan import Role
from inventory.site import Site
from tests.harmony.idempotence import assert_idempotent, outcome_on
from tests.harmony.modules.kubernetes.cluster_objects import kubernetes_endpoints
from tests.harmony.modules.kubernetes.examples import CP1, W1
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

HOME = KubernetesCluster("home", domain="home.example", control_plane=[CP1], workers=[W1])


def site_with_endpoints() -> RecordingSite:
    site = RecordingSite()
    site.put(kubernetes_endpoints("10.7.0.11"))
    return site


def test_second_run_changes_nothing() -> None:
    outcome = assert_idempotent(site_with_endpoints(), HOME)
    assert outcome.message == "cluster home: 2 nodes Ready"
    assert outcome.details == ("every node is Ready", "the API answers at api.home.example")


def test_everything_it_does_and_in_which_order() -> None:
    site = site_with_endpoints()
    assert outcome_on(site, HOME).status is Status.SUCCESS
    secrets = [write for write in site.writes if write.startswith("secret ")]
    others = [write for write in site.writes if not write.startswith("secret ")]
    prefix = "secret kubernetes-cluster/home"
    assert secrets == [
        f"{prefix}/ca",
        f"{prefix}/etcd-ca",
        f"{prefix}/api-server",
        f"{prefix}/api-server-kubelet-client",
        f"{prefix}/controller-manager",
        f"{prefix}/scheduler",
        f"{prefix}/service-account",
        f"{prefix}/etcd",
        f"{prefix}/api-server-etcd-client",
        f"{prefix}/admin",
        f"{prefix}/bootstrap-token/cp1",
        f"{prefix}/bootstrap-token/w1",
    ]
    assert others[:6] == [
        "power cp1",
        "power w1",
        "dns",
        "artifacts",
        "installations",
        "kubeconfig",
    ]
    assert site.names("Secret") == []
    assert site.names("Node") == ["cp1", "w1"]


def test_provides_the_api_and_has_all_companions() -> None:
    assert KubernetesCluster.provides == (KubernetesApi,)
    for companion in (HasReadiness, HasSmokeTest, HasUpkeep, HasCheck):
        assert isinstance(HOME, companion)


def test_upkeep_is_the_whole_pass_again() -> None:
    assert HOME.upkeep() == HOME.interpret()


def test_is_a_document_both_ways() -> None:
    assert from_document(to_document(HOME), [KubernetesCluster]) == HOME


def test_plan_has_a_pod_range_for_each_host_by_its_address() -> None:
    found = [(node.name, node.role, str(node.pod_range)) for node in HOME.plan().nodes]
    assert found == [
        ("cp1", Role.CONTROL_PLANE, "10.244.11.0/24"),
        ("w1", Role.WORKER, "10.244.12.0/24"),
    ]


def test_check_is_the_clusters_own() -> None:
    none = KubernetesCluster("home", domain="home.example", control_plane=[])
    codes = [finding.code for finding in none.check(Site("home", [], []))]
    assert codes == ["HP0201"]


def test_its_way_in_is_its_control_planes() -> None:
    assert HOME.cluster_entrance() == ClusterEntrance(
        "home", "home.example", IPv4Address("10.7.0.11"), Balancer.NODES
    )
