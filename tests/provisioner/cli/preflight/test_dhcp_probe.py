"""A second DHCP server on the network, and without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from harmony.domain.preflight.result import Result
from harmony.modules.preflight.dhcp_servers import dhcp_checks
from inventory import PROXY, Network, Site
from provisioner.cli.preflight.dhcp_probe import others
from provisioner.cli.preflight.examination import examine
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
BESIDE = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dhcp=PROXY)
THEIRS = "0a:00:00:00:00:02"


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def looked(jump_host: NetworkNamespace, network: Network) -> Result:
    def look() -> tuple[Result, ...]:
        return asyncio.run(examine(dhcp_checks(Site("home", [network], []), others)))

    (result,) = jump_host.call(look)
    return result


def test_a_second_server_and_none(wire: Segment) -> None:
    jump_host = wire.station("lan0", "10.7.0.1/24")
    with dnsmasq(wire.station("eth0", "10.7.0.2/24", THEIRS), "10.7.0.150", "10.7.0.160"):
        found = looked(jump_host, LAN)
        assert found.verdict.value == "failure"
        assert found.words == f"another DHCP server answers on lan0: 10.7.0.2 ({THEIRS})"
        assert looked(jump_host, BESIDE).verdict.value == "success"
    mended = looked(jump_host, LAN)
    assert (mended.verdict.value, mended.late) == ("success", False)
    assert looked(jump_host, BESIDE).verdict.value == "failure"
