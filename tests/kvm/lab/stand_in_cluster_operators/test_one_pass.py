from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kvm.lab.stand_in_cluster_operators.api import Unanswered
from kvm.lab.stand_in_cluster_operators.cluster import Member
from kvm.lab.stand_in_cluster_operators.one_pass import BOOTSTRAP, one_pass
from tests.kvm.lab.stand_in_cluster_operators.memory_api import MemoryApi
from tests.kvm.lab.stand_in_cluster_operators.scenes import BOOTSTRAP as BOOTSTRAP_MEMBER
from tests.kvm.lab.stand_in_cluster_operators.scenes import HA, PLANES, node, voting

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
PASSES = 20
ETCD = "/apis/operator.openshift.io/v1/etcds/cluster"
VERSION = "/apis/config.openshift.io/v1/clusterversions/version"
MASTERS = "/apis/machineconfiguration.openshift.io/v1/machineconfigpools/master"
ADDRESSES = {"m0": "10.7.0.11", "m1": "10.7.0.12", "m2": "10.7.0.13", "w0": "10.7.0.14"}


def settled(api: MemoryApi, members: tuple[Member, ...], now: datetime = NOW) -> list[str]:
    """Passes until one has nothing to write; what they wrote."""
    before = len(api.writes)
    for _ in range(PASSES):
        try:
            if not one_pass(api, HA, members, now):
                return api.writes[before:]
        except Unanswered:
            pass
    raise AssertionError(f"not settled after {PASSES} passes: {api.writes[before:]}")


def coming_up() -> MemoryApi:
    api = MemoryApi()
    api.cluster([node("m0", ADDRESSES["m0"])], "10.7.0.10", ADDRESSES["m0"])
    return api


def all_there(api: MemoryApi) -> None:
    nodes = [node(name, address) for name, address in ADDRESSES.items()]
    api.cluster(nodes, *(ADDRESSES[name] for name in PLANES))


def said(api: MemoryApi, place: str) -> dict[str, str]:
    listed: list[dict[str, str]] = api.objects[place]["status"]["conditions"]
    return {one["type"]: one["status"] for one in listed}


def test_from_nothing_to_a_cluster_that_is_available() -> None:
    api = coming_up()
    settled(api, (BOOTSTRAP_MEMBER, *voting("m0")))
    assert api.objects[BOOTSTRAP]["data"] == {"status": "pending"}
    assert said(api, VERSION) == {"Available": "False", "Failing": "False", "Progressing": "True"}
    assert api.objects[MASTERS]["status"]["machineCount"] == 1

    all_there(api)
    settled(api, (BOOTSTRAP_MEMBER, *voting(*PLANES)))
    assert api.objects[BOOTSTRAP]["data"] == {"status": "complete"}
    assert said(api, ETCD)["EtcdBootstrapMemberRemoved"] == "False"

    settled(api, voting(*PLANES))
    assert said(api, ETCD)["EtcdBootstrapMemberRemoved"] == "True"
    assert said(api, VERSION) == {"Available": "True", "Failing": "False", "Progressing": "False"}
    assert api.objects[VERSION]["status"]["desired"] == {"version": HA.version}
    assert api.objects[MASTERS]["status"]["readyMachineCount"] == 3


def test_a_second_pass_writes_nothing() -> None:
    api = coming_up()
    settled(api, (BOOTSTRAP_MEMBER,))
    assert settled(api, (BOOTSTRAP_MEMBER,), LATER) == []


def test_what_was_once_said_stays_when_a_control_plane_dies() -> None:
    api = coming_up()
    all_there(api)
    settled(api, voting(*PLANES))
    living = [node(name, ADDRESSES[name], ready=name != "m2") for name in ADDRESSES]
    api.cluster(living, ADDRESSES["m0"], ADDRESSES["m1"])
    settled(api, voting("m0", "m1"))
    assert api.objects[BOOTSTRAP]["data"] == {"status": "complete"}
    assert said(api, ETCD)["EtcdBootstrapMemberRemoved"] == "True"
    assert said(api, VERSION)["Failing"] == "True"


def test_a_condition_keeps_the_time_since_when_it_is_so() -> None:
    api = coming_up()
    settled(api, (BOOTSTRAP_MEMBER,))
    all_there(api)
    settled(api, (BOOTSTRAP_MEMBER, *voting(*PLANES)), LATER)
    listed: list[dict[str, str]] = api.objects[ETCD]["status"]["conditions"]
    assert {one["type"]: one["lastTransitionTime"] for one in listed} == {
        "EtcdRunningInCluster": "2026-03-01T12:05:00Z",
        "EtcdBootstrapMemberRemoved": "2026-03-01T12:00:00Z",
    }


def without_versions(api: MemoryApi) -> dict[str, Any]:
    return {
        place: {**found, "metadata": {**found.get("metadata", {}), "resourceVersion": ""}}
        for place, found in api.objects.items()
    }


def test_cut_off_at_any_write_the_next_passes_do_the_rest() -> None:
    whole = coming_up()
    all_there(whole)
    writes = settled(whole, voting(*PLANES))
    for number in range(len(writes)):
        for written in (False, True):
            api = MemoryApi(cut=number, cut_is_written=written)
            all_there(api)
            settled(api, voting(*PLANES))
            assert sorted(api.writes) == sorted(writes)
            assert without_versions(api) == without_versions(whole)


@pytest.mark.parametrize(
    "status", ["well", {"conditions": "well"}, {"conditions": [1, {"type": "Available"}]}, None]
)
def test_what_somebody_else_wrote_into_a_status_is_put_right(status: object) -> None:
    api = coming_up()
    all_there(api)
    settled(api, voting(*PLANES))
    right = api.objects[VERSION]["status"]
    api.objects[VERSION]["status"] = status
    assert settled(api, voting(*PLANES)) == [f"{VERSION}/status"]
    assert api.objects[VERSION]["status"] == right


def test_what_else_the_config_map_says_stays() -> None:
    api = coming_up()
    settled(api, (BOOTSTRAP_MEMBER,))
    api.objects[BOOTSTRAP]["data"]["note"] = "kept"
    all_there(api)
    settled(api, (BOOTSTRAP_MEMBER,))
    assert api.objects[BOOTSTRAP]["data"] == {"status": "complete", "note": "kept"}
