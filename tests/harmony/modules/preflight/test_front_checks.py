from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.modules.preflight.front_checks import FrontChecks
from harmony.modules.preflight.fronts import End, Front, Knocked

pytestmark = pytest.mark.unit

API, INGRESS = IPv4Address("10.7.0.5"), IPv4Address("10.7.0.6")
knocked: list[tuple[str, str, str, bool]] = []


async def knock(front: Front) -> Knocked:
    knocked.append((str(front), front.host, front.path, front.tls))
    return Knocked(End.ANSWERED, 200)


def looked(balancer: Balancer, ingress: IPv4Address | None) -> list[tuple[str, str]]:
    knocked.clear()
    entrance = ClusterEntrance("c", "c.example", API, balancer, ingress)
    checks = list(FrontChecks(knock, "q7x").of_cluster(entrance))

    async def look() -> list[str]:
        return [(await check.look()).verdict.value for check in checks]

    assert set(asyncio.run(look())) <= {"success"}
    return [(check.kind.id, check.subject) for check in checks]


def test_in_full() -> None:
    assert looked(Balancer.SITE, INGRESS) == [
        ("api-load-balancer-reachable", "10.7.0.5:6443"),
        ("machine-config-load-balancer-reachable", "10.7.0.5:22623"),
        ("ingress-http-load-balancer-reachable", "10.7.0.6:80"),
        ("ingress-https-load-balancer-reachable", "10.7.0.6:443"),
    ]
    assert knocked == [
        ("10.7.0.5:6443", "api.c.example", "/readyz", True),
        ("10.7.0.5:22623", "api-int.c.example", "/healthz", True),
        ("10.7.0.6:80", "q7x.apps.c.example", "/", False),
        ("10.7.0.6:443", "q7x.apps.c.example", "/", True),
    ]


def test_without_ingress_and_without_load_balancer() -> None:
    assert len(looked(Balancer.JUMP_HOST, None)) == 2
    assert looked(Balancer.NODES, INGRESS) == []
