from __future__ import annotations

import pytest

from inventory import Network
from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "all well": (
        "'10.9.0.0/24', 'eth1', '10.7.0.1', gateway='10.9.0.1', relays=['10.9.0.1', '10.7.0.254']",
        [],
    ),
    "no way in": (
        "'10.9.0.0/24', 'eth3', '10.7.0.1', gateway='10.9.0.1', relays=['10.9.0.1']",
        ["HP0052 relays=['10.9.0.1'] | none at 10.7.0.1 on eth3"],
    ),
    "no way out": (
        "'10.9.0.0/24', 'eth1', '10.7.0.1', relays=['10.9.0.1']",
        ["HP0052 relays=['10.9.0.1'] | needs a gateway"],
    ),
    "no address": (
        "'10.9.0.0/24', 'eth1', '10.7.0.1', gateway='10.9.0.1', relays=['router']",
        ["HP0014 relays=['router'] | not an address"],
    ),
    "a relay in the pool": (
        "'10.9.0.0/24', 'eth1', '10.7.0.1', ('10.9.0.10', '10.9.0.20'), '10.9.0.1', "
        "relays=['10.9.0.15']",
        ["HP0026 relays=['10.9.0.15'] | would be leased to a machine"],
    ),
    "the gateway is of the network, the jump host's address isn't": (
        "'10.9.0.0/24', 'eth1', '10.7.0.1', gateway='10.7.0.254', relays=['10.9.0.1']",
        ["HP0024 gateway='10.7.0.254' | not a machine's address in 10.9.0.0/24"],
    ),
}


BESIDE: dict[str, tuple[str, list[str]]] = {
    "all well": ("dhcp=PROXY, gateway='10.9.0.254', mtu=9000", []),
    "what another server gives": (
        "dhcp=PROXY, pool=('10.9.0.10', '10.9.0.20'), options=[DhcpOption(150, text='x')], "
        "clients=ANY, authoritative=True",
        [
            "HP0053 pool=('10.9.0.10', '10.9.0.20') | another server's matter",
            "HP0053 options=[DhcpOption(150, text='x')] | another server's matter",
            "HP0053 clients=ANY | another server's matter",
            "HP0053 authoritative=True | another server's matter",
        ],
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), BESIDE.values(), ids=BESIDE)
def test_networks_beside_another_server(arguments: str, expected: list[str]) -> None:
    """A host there needs no address of ours."""
    network = f"Network('a', '10.9.0.0/24', 'eth3', '10.9.0.1', {arguments})"
    host = "Host('w1', [Nic('52:54:00:00:00:01')])"
    assert brief(f"home = site({host}, networks=[{network}])") == expected


@pytest.mark.parametrize(("arguments", "expected"), CASES.values(), ids=CASES)
def test_networks_behind_relays(arguments: str, expected: list[str]) -> None:
    assert brief(f"home = site(networks=[lan, Network('a', {arguments})])") == expected


def test_what_is_behind_what() -> None:
    lan = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")
    floor = Network("floor", "10.8.0.0/24", "eth1", "10.7.0.1", relays=["10.8.0.1"])
    other = Network("other", "10.9.0.0/24", "eth2", "10.9.0.1")
    assert floor.is_behind(lan)
    assert not any((lan.is_behind(floor), floor.is_behind(other), lan.is_behind(lan)))
