from __future__ import annotations

from dataclasses import replace

import pytest

from harmony.modules.kubernetes.kubelet import kubelet
from harmony.modules.kubernetes.plan import ClusterPlan, Node
from tests.harmony.modules.kubernetes.examples import TOKEN, assets, bootstrap, plan_of

pytestmark = pytest.mark.unit

PLAN = plan_of()
CP1, W1 = PLAN.nodes


def unit(node: Node, plan: ClusterPlan = PLAN) -> str:
    (made,) = kubelet(plan, node, bootstrap(), assets()).systemd.units
    assert made.contents is not None
    return made.contents


def test_a_worker_waits_for_the_api_and_takes_every_pod() -> None:
    assert "https://api-int.home.example:6443/readyz" in unit(W1)
    assert "--register-with-taints" not in unit(W1)


def test_the_control_plane_follows_its_own_programs_and_takes_no_work() -> None:
    assert "readyz" not in unit(CP1)
    after = "containerd.service network-online.target kube-controller-manager.service"
    assert f"After={after}\n" in unit(CP1)
    assert "--register-with-taints=node-role.kubernetes.io/control-plane=:NoSchedule" in unit(CP1)


def test_a_control_plane_without_workers_takes_every_pod() -> None:
    assert "--register-with-taints" not in unit(CP1, replace(PLAN, nodes=(CP1,)))


def test_only_root_reads_the_token() -> None:
    files = kubelet(PLAN, W1, bootstrap(), assets()).storage.files
    holding = [(file.path, file.mode) for file in files if TOKEN in file.contents.source]
    assert holding == [("/etc/kubernetes/bootstrap.kubeconfig", 0o600)]
