from __future__ import annotations

from collections.abc import Sequence

import hypothesis.strategies as some
import pytest
from hypothesis import given

from kvm.lab.stand_in_cluster_operators.cluster import Declared, Member, Seen
from kvm.lab.stand_in_cluster_operators.conditions import (
    Condition,
    bootstrap_complete,
    etcd,
    operators,
    pool,
    version,
)
from tests.kvm.lab.stand_in_cluster_operators.scenes import (
    ALL,
    ALONE,
    BOOTSTRAP,
    COMPLETE,
    EMPTY,
    HA,
    ONE_PLANE,
    PLANE_DEAD,
    PLANES,
    TWO_PLANES_DEAD,
    WELL,
    seen,
    voting,
)

pytestmark = pytest.mark.unit

COMPACT = Declared(PLANES, (), "4.19")


def held(told: Sequence[Condition]) -> str:
    """The types of those that hold, in the order in which they are said."""
    return " ".join(one.type for one in told if one.holds)


def message(told: Sequence[Condition], kind: str) -> str:
    return next(one.message for one in told if one.type == kind)


def everything_said(declared: Declared, of: Seen) -> dict[str, str]:
    told = operators(declared, of)
    return {name: held(one) for name, one in told.items()} | {"version": held(version(told))}


P, AP, A, AD = "Progressing", "Available Progressing", "Available", "Available Degraded"


@pytest.mark.parametrize(
    ("of", "etcd_says", "api_says", "ingress_says", "others_say", "version_says"),
    [
        (EMPTY, P, P, P, P, P),
        (ONE_PLANE, P, AP, P, AP, P),
        (COMPLETE, AP, A, P, AP, P),
        (ALONE, A, A, P, AP, P),
        (WELL, A, A, A, A, A),
        (PLANE_DEAD, AD, AP, A, AD, "Failing Progressing"),
        (TWO_PLANES_DEAD, "Degraded", AP, A, AD, "Failing Progressing"),
    ],
    ids=["empty", "one plane", "complete", "alone", "well", "plane dead", "two planes dead"],
)
def test_what_operators_say_as_a_cluster_comes_up(
    of: Seen, etcd_says: str, api_says: str, ingress_says: str, others_say: str, version_says: str
) -> None:
    assert everything_said(HA, of) == {
        "dns": others_say,
        "etcd": etcd_says,
        "ingress": ingress_says,
        "kube-apiserver": api_says,
        "machine-config": others_say,
        "network": others_say,
        "version": version_says,
    }


def test_without_workers_ingress_is_on_the_control_planes() -> None:
    assert held(operators(COMPACT, ALONE)["ingress"]) == "Available"


@pytest.mark.parametrize(
    ("of", "complete"),
    [
        (EMPTY, False),
        (ONE_PLANE, False),
        (seen(api_servers="m0 m1"), False),
        (seen(api_servers="m0 m1 w0"), False),
        (COMPLETE, True),
        (seen(complete=True), True),
        (PLANE_DEAD, True),
    ],
)
def test_bootstrap_is_complete_when_each_control_plane_runs_an_api_server(
    of: Seen, complete: bool
) -> None:
    assert bootstrap_complete(HA, of) is complete


LEARNER = Member("m2", voting=False)
THERE, FEW, GONE = "BootstrapMemberThere", "NotEnoughEtcdMembers", "BootstrapMemberRemoved"


@pytest.mark.parametrize(
    ("members", "removed", "running", "holds", "reason"),
    [
        ((BOOTSTRAP,), False, False, False, THERE),
        ((BOOTSTRAP, *voting(*PLANES)), False, True, False, THERE),
        (voting("m0", "m1"), False, False, False, FEW),
        ((*voting("m0", "m1"), LEARNER), False, False, False, FEW),
        ((*voting("m0", "m1"), Member("", voting=False)), False, False, False, FEW),
        ((), False, False, False, FEW),
        (voting(*PLANES), False, True, True, GONE),
        (voting(*PLANES, "stranger"), False, True, True, GONE),
        # A control plane that is replaced later doesn't bring the bootstrap back.
        (voting("m0", "m1"), True, True, True, GONE),
        ((BOOTSTRAP, *voting(*PLANES)), True, True, False, THERE),
    ],
)
def test_the_bootstrap_member_is_removed_when_it_is_gone_and_the_others_are_there(
    members: tuple[Member, ...], removed: bool, running: bool, holds: bool, reason: str
) -> None:
    told = {one.type: one for one in etcd(HA, seen(members=members, removed=removed))}
    assert told["EtcdRunningInCluster"].holds is running
    member = told["EtcdBootstrapMemberRemoved"]
    assert (member.holds, member.reason) == (holds, reason)


@pytest.mark.parametrize(
    ("of", "says", "lacking"),
    [
        (EMPTY, "Updating", "m0, m1, m2"),
        (seen(ALL), "Updated", ""),
        (seen("m0 m1", broken="m2"), "Updating", "m2"),
    ],
)
def test_a_pool_is_updated_when_all_its_hosts_are_ready(of: Seen, says: str, lacking: str) -> None:
    assert held(pool(PLANES, of)) == says
    assert message(pool(PLANES, of), "Updating") == lacking


def test_a_pool_without_hosts_waits_for_none() -> None:
    assert held(pool((), EMPTY)) == "Updated"


def test_what_isnt_well_is_named() -> None:
    told = operators(HA, PLANE_DEAD)
    assert message(told["etcd"], "Degraded") == "m2"
    assert message(told["kube-apiserver"], "Progressing") == "m2"
    assert message(operators(HA, EMPTY)["etcd"], "Available") == "waiting for 2 hosts, 0 are well"
    assert message(operators(HA, COMPLETE)["etcd"], "Progressing") == "etcd-bootstrap to leave"
    assert message(version(told), "Failing") == "dns, etcd, machine-config, network"


names = some.sampled_from((*PLANES, "w0", "stranger", HA.bootstrap, ""))
anything_seen = some.builds(
    Seen,
    nodes=some.dictionaries(names, some.booleans()),
    api_servers=some.frozensets(names),
    members=some.lists(some.builds(Member, names, some.booleans())).map(tuple),
    complete=some.booleans(),
    removed=some.booleans(),
)


@given(anything_seen)
def test_the_version_is_available_only_if_every_operator_is_and_none_is_degraded(of: Seen) -> None:
    told = operators(HA, of)
    well = all({"Available"} <= set(held(one).split()) <= {"Available", P} for one in told.values())
    assert ("Available" in held(version(told)).split()) is well
    assert ("Progressing" in held(version(told)).split()) is not well


@given(anything_seen)
def test_removed_is_never_said_while_the_bootstrap_is_a_member(of: Seen) -> None:
    there = any(one.name == HA.bootstrap for one in of.members)
    assert not (there and "EtcdBootstrapMemberRemoved" in held(etcd(HA, of)))


@given(anything_seen)
def test_each_condition_is_said_once_and_says_why_if_it_isnt_as_expected(of: Seen) -> None:
    told = operators(HA, of)
    for one in (*told.values(), version(told), pool(PLANES, of), etcd(HA, of)):
        assert len({condition.type for condition in one}) == len(one)
        assert all(condition.reason for condition in one)
