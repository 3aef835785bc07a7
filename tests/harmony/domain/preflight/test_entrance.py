from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance

pytestmark = pytest.mark.unit


def test_names() -> None:
    one = ClusterEntrance("c", "c.home.example", IPv4Address("10.7.0.5"), Balancer.SITE)
    assert (one.api_name, one.api_int_name, one.apps_domain) == (
        "api.c.home.example",
        "api-int.c.home.example",
        "apps.c.home.example",
    )
