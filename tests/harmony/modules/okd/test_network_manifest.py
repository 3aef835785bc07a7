from __future__ import annotations

import pytest

from harmony.modules.okd.network_manifest import check_pod_mtu, network_manifest

pytestmark = pytest.mark.unit


def test_the_manifest() -> None:
    assert (
        network_manifest(8900)
        == """\
apiVersion: operator.openshift.io/v1
kind: Network
metadata:
  name: cluster
spec:
  defaultNetwork:
    ovnKubernetesConfig:
      mtu: 8900
"""
    )


@pytest.mark.parametrize(("pod_mtu", "machine_mtu"), [(1400, 1500), (8900, 9000), (1280, 9000)])
def test_an_mtu_that_fits(pod_mtu: int, machine_mtu: int) -> None:
    assert list(check_pod_mtu(pod_mtu, machine_mtu)) == []


@pytest.mark.parametrize(
    ("pod_mtu", "machine_mtu", "help"),
    [
        (1401, 1500, "choose one from 1280 to 1400"),
        (9000, 9000, "choose one from 1280 to 8900"),
        (0, 1500, "choose one from 1280 to 1400"),
        (1280, 1300, "give the machines' network a larger MTU"),
    ],
)
def test_an_mtu_that_does_not_fit(pod_mtu: int, machine_mtu: int, help: str) -> None:
    (found,) = check_pod_mtu(pod_mtu, machine_mtu)
    assert (found.code, found.help) == ("HP0227", (help,))
    assert f"an MTU of {pod_mtu} where machines have {machine_mtu}" in found.message
