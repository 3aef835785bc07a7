from __future__ import annotations

import pytest

from harmony.modules.okd.networking import ClusterNetwork, MachineNetwork, Networking

pytestmark = pytest.mark.unit


def test_what_is_not_said_is_what_the_installer_takes() -> None:
    assert Networking().in_full() == Networking(
        cluster_network=(ClusterNetwork(cidr="10.128.0.0/14", host_prefix=23),),
        service_network=("172.30.0.0/16",),
        machine_network=(MachineNetwork(cidr="10.0.0.0/16"),),
    )


def test_what_is_said_stays() -> None:
    said = Networking(
        cluster_network=(ClusterNetwork(cidr="10.1.0.0/16"),),
        service_network=("10.2.0.0/16",),
        machine_network=(MachineNetwork(cidr="10.3.0.0/24"),),
        cluster_network_mtu=8900,
    )
    assert said.in_full() == said
