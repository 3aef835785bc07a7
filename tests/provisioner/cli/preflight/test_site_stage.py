from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harmony.domain.order import AnyScore
from harmony.infra.asset_folder import AssetFolder
from harmony.modules.kubernetes.cluster import KubernetesCluster
from harmony.modules.okd.cluster_names import OkdClusterNames
from harmony.modules.okd.load_balancer_score import LoadBalancerScore
from harmony.modules.preflight.catalogue import SITE_STAGE
from inventory import AnyBlank, Host, Network, Nic, Site
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.site_stage import Seat, site_stage
from provisioner.serve.links import Interface, interfaces
from tests.namespaces import Segment, segment

pytestmark = pytest.mark.protocol

LAN = Network(
    "lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dns=["10.7.0.2"], ntp=["10.7.0.3"]
)
HOSTS = [
    Host(
        f"h{number}",
        nics=[Nic(f"52:54:00:07:00:{number:02x}")],
        address=f"10.7.0.{number + 10}",
        install_on=AnyBlank(),
    )
    for number in range(30)
]
SITE = Site("home", [LAN], HOSTS, domain="home.example")
CLUSTER: AnyScore = KubernetesCluster("c", "c.home.example", [HOSTS[0]], HOSTS[1:])


def seat(*cards: Interface) -> Seat:
    return Seat(time.time, cards, "q7x", {"/": 1}, AssetFolder(Path("/nowhere")), is_serving=True)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_in_the_order_of_the_catalogue() -> None:
    checks = site_stage(SITE, [CLUSTER], seat())
    order = [kind.id for kind in SITE_STAGE]
    places = [order.index(check.kind.id) for check in checks]
    assert places == sorted(places)
    assert "api.c.home.example" in {check.subject for check in checks}
    assert [check.subject for check in checks if check.kind.id.startswith("host-domain")] == [
        host.name for host in HOSTS
    ]


def test_thirty_hosts_where_nobody_answers_take_less_than_a_minute(wire: Segment) -> None:
    """The worst of sites: every question is waited for to its end."""
    jump_host = wire.station("lan0", "10.7.0.1/24")
    for silent in ("10.7.0.2", "10.7.0.3"):
        jump_host.run(
            "ip", "neigh", "replace", silent, "lladdr", "02:00:00:00:00:99", "dev", "lan0"
        )

    def look() -> set[str]:
        checks = site_stage(SITE, [CLUSTER], seat(*interfaces()))
        return {one.verdict.value for one in asyncio.run(examine(checks))}

    begun = time.monotonic()
    assert jump_host.call(look) == {"failure", "success", "pending", "not applicable"}
    assert time.monotonic() - begun < 60


def test_a_load_balancer_that_a_score_makes_is_not_there_yet(wire: Segment) -> None:
    jump_host = wire.station("lan0", "10.7.0.1/24")
    names: AnyScore = OkdClusterNames("okd", "home.example", "10.7.0.5", "10.7.0.6", HOSTS[:1])
    balancer: AnyScore = LoadBalancerScore("okd", ["10.7.0.5"], ["10.7.0.6"], HOSTS[:1])

    def front(*scores: AnyScore) -> str:
        checks = site_stage(SITE, scores, seat(*interfaces()))
        (found,) = [check for check in checks if check.subject == "10.7.0.5:6443"]
        return asyncio.run(examine([found]))[0].verdict.value

    assert jump_host.call(lambda: front(names)) == "failure"
    assert jump_host.call(lambda: front(balancer, names)) == "pending"
