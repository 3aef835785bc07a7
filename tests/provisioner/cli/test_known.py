from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from harmony.domain.document import digest, from_document, to_document
from harmony.domain.topology import capabilities, supports
from harmony.maestro import Maestro
from harmony.topologies.machine_site import MachineSite
from kvm.lab.limits import Role
from provisioner.cli.check import judged
from provisioner.cli.known import (
    KINDS,
    PRODUCTION,
    REHEARSAL,
    TOPOLOGIES,
    assets_of,
    builds_of,
    hosts_of,
    roles_of,
)

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "examples"
HOME = judged(EXAMPLES / "home_office.py", PRODUCTION, KINDS, TOPOLOGIES)[1]
FILES = judged(EXAMPLES / "assets.py", PRODUCTION, KINDS, TOPOLOGIES)[1]
OKD = judged(EXAMPLES / "okd_assets.py", PRODUCTION, KINDS, TOPOLOGIES)[1]
NAMES = judged(EXAMPLES / "okd_names.py", PRODUCTION, KINDS, TOPOLOGIES)[1]
FIRST = judged(EXAMPLES / "first_boot.py", PRODUCTION, KINDS, TOPOLOGIES)[1]


def test_the_examples_use_every_kind() -> None:
    assert {type(score) for score in (*HOME, *FIRST, *FILES, *OKD, *NAMES)} == set(KINDS)


@pytest.mark.parametrize(
    "score", [*HOME, *FIRST, *FILES, *OKD, *NAMES], ids=lambda score: score.key()
)
def test_every_kind_goes_to_json_and_back(score: Any) -> None:
    back = from_document(to_document(score), KINDS)
    assert (back, digest(back)) == (score, digest(score))


def test_shuffled_registration_gives_the_same_plan() -> None:
    plans: set[str] = set()
    for seed in range(24):
        scores = list(HOME)
        random.Random(seed).shuffle(scores)
        maestro = Maestro[Any](MachineSite)  # its class is enough: nothing is run
        maestro.register(*scores)
        plans.add(repr(maestro.plan()))
    (plan,) = plans
    assert plan.index("KubernetesCluster(") < plan.index("Deployment(") < plan.index("Namespace(")


@pytest.mark.parametrize("topology", [PRODUCTION, REHEARSAL])
def test_production_and_rehearsal_have_the_same_capabilities(topology: type) -> None:
    assert all(supports(topology, capability) for capability in capabilities(MachineSite))


def test_a_site_without_a_cluster_needs_no_kubernetes() -> None:
    assert builds_of(FIRST) == ("boot-programs", "ramdisk", "node-image")
    assert set(builds_of(HOME)) - set(builds_of(FIRST)) == {"container-images", "kubernetes"}


def test_roles_decide_the_size_of_a_rehearsed_machine() -> None:
    assert roles_of(HOME) == {"cp1": Role.CONTROL_PLANE, "w1": Role.WORKER, "w2": Role.WORKER}
    assert roles_of(FIRST) == {}


def test_hosts_are_those_that_scores_name() -> None:
    assert sorted(hosts_of(HOME)) == ["cp1", "w1", "w2"]
    assert sorted(hosts_of(FIRST)) == ["m1"]
    assert hosts_of(score for score in HOME if not roles_of([score])) == frozenset()


def test_the_assets_of_all_scores() -> None:
    found = [asset.name for asset in assets_of((*HOME, *FILES, *OKD, *NAMES))]
    assert found == ["live-kernel", "model", "openshift-install"]
