from __future__ import annotations

from dataclasses import replace

import pytest

from harmony.modules.ignition.model import Config
from harmony.modules.kubernetes.control_plane import control_plane, no_control_plane
from tests.harmony.modules.kubernetes.examples import assets, credentials, plan_of

pytestmark = pytest.mark.unit

PLAN = plan_of()
CONFIG = control_plane(PLAN, PLAN.control_plane[0], credentials(), assets())


def unit(config: Config, name: str) -> str:
    return next(one.contents or "" for one in config.systemd.units if one.name == name)


def test_keys_are_for_root_alone_and_certificates_for_all() -> None:
    modes = {file.path: file.mode for file in CONFIG.storage.files}
    assert {mode for path, mode in modes.items() if path.endswith(".key")} == {0o600}
    assert {mode for path, mode in modes.items() if path.endswith((".crt", ".pub"))} == {0o644}
    assert {mode for path, mode in modes.items() if path.endswith(".kubeconfig")} == {0o600}


def test_only_one_program_asks_whether_the_api_is_ready() -> None:
    asking = [one.name for one in CONFIG.systemd.units if "readyz" in (one.contents or "")]
    assert asking == ["kube-controller-manager.service"]
    assert "After=kube-controller-manager.service" in unit(CONFIG, "kube-scheduler.service")


def test_one_of_one_needs_no_election() -> None:
    two = replace(PLAN, nodes=(PLAN.nodes[0], replace(PLAN.nodes[0], name="cp2")))
    several = control_plane(two, two.nodes[0], credentials(), assets())
    for name in ("kube-controller-manager.service", "kube-scheduler.service"):
        assert "--leader-elect=false" in unit(CONFIG, name)
        assert "--leader-elect=true" in unit(several, name)


def test_etcd_listens_on_loopback_and_wants_a_certificate() -> None:
    etcd = unit(CONFIG, "etcd.service")
    assert "--listen-client-urls=https://127.0.0.1:2379" in etcd
    assert "--client-cert-auth" in etcd


def test_a_worker_runs_no_etcd() -> None:
    assert [(one.name, one.mask) for one in no_control_plane().systemd.units] == [
        ("etcd.service", True)
    ]
