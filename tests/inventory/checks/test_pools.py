from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from inventory import Network
from inventory.checks.pools import pool_around, pool_range
from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "the wrong way round": (
        "'10.9.0.1', pool=('10.9.0.99', '10.9.0.10')",
        ["HP0025 pool=('10.9.0.99', '10.9.0.10') | the wrong way round"],
    ),
    "out of the subnet": (
        "'10.9.0.1', pool=('10.9.0.99', '10.9.1.10')",
        ["HP0024 pool=('10.9.0.99', '10.9.1.10') | not a machine's address in 10.9.0.0/24"],
    ),
    "no addresses": (
        "'10.9.0.1', pool=('10.9.0.99', 'last')",
        ["HP0014 pool=('10.9.0.99', 'last') | not an address"],
    ),
    "jump host and gateway in it": (
        "address='10.9.0.15', pool=('10.9.0.10', '10.9.0.20'), gateway='10.9.0.20'",
        [
            "HP0026 address='10.9.0.15' | would be leased to a machine",
            "HP0026 gateway='10.9.0.20' | would be leased to a machine",
        ],
    ),
    "jump host and gateway excluded": (
        "'10.9.0.15', pool=('10.9.0.10', '10.9.0.20'), gateway='10.9.0.20', "
        "exclude=['10.9.0.15', ('10.9.0.18', '10.9.0.30')]",
        [],
    ),
    "excluded from nothing": (
        "'10.9.0.1', exclude=['10.9.0.15']",
        ["HP0025 exclude=['10.9.0.15'] | there is no pool"],
    ),
    "excluded outside": (
        "'10.9.0.1', pool=('10.9.0.10', '10.9.0.20'), exclude=['10.9.0.21']",
        ["HP0025 exclude=['10.9.0.21'] | the pool is 10.9.0.10 to 10.9.0.20"],
    ),
    "excluded the wrong way round": (
        "'10.9.0.1', pool=('10.9.0.10', '10.9.0.20'), exclude=[('10.9.0.15', '10.9.0.12')]",
        ["HP0025 exclude=[('10.9.0.15', '10.9.0.12')] | the wrong way round"],
    ),
    "no address excluded": (
        "'10.9.0.1', pool=('10.9.0.10', '10.9.0.20'), exclude=['printer']",
        ["HP0014 exclude=['printer'] | not an address"],
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), CASES.values(), ids=CASES)
def test_pools(arguments: str, expected: list[str]) -> None:
    network = f"Network('a', '10.9.0.0/24', 'eth3', {arguments})"
    assert brief(f"home = site(networks=[{network}])") == expected


def test_an_excluded_address_can_be_a_hosts() -> None:
    source = """
        host = Host('w1', [Nic('52:54:00:00:00:01')], {address})
        net = Network('a', '10.9.0.0/24', 'eth3', '10.9.0.1',
                      pool=('10.9.0.10', '10.9.0.20'), exclude=['10.9.0.12'])
        home = site(host, networks=[net])
        """
    assert brief(source.format(address="address='10.9.0.12'")) == []
    assert brief(source.format(address="address='10.9.0.13'")) == [
        "HP0026 address='10.9.0.13' | could be leased to another machine"
    ]


POOL = ("10.9.0.5", "10.9.0.7")


def network(pool: tuple[str, str] | None, exclude: tuple[str, ...] = ()) -> Network:
    return Network("a", "10.9.0.0/24", "eth3", "10.9.0.1", pool, exclude=exclude)


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        (None, None),
        (POOL, (IPv4Address("10.9.0.5"), IPv4Address("10.9.0.7"))),
        (("10.9.0.7", "10.9.0.5"), None),
        (("10.9.0.7", "x"), None),
    ],
)
def test_pool_range(
    pool: tuple[str, str] | None, expected: tuple[IPv4Address, IPv4Address] | None
) -> None:
    assert pool_range(network(pool)) == expected


@pytest.mark.parametrize(
    ("address", "around"),
    [("10.9.0.4", False), ("10.9.0.5", True), ("10.9.0.6", False), ("10.9.0.7", True)],
)
def test_an_excluded_address_is_not_in_the_pool(address: str, around: bool) -> None:
    own = network(POOL, ("10.9.0.6", "x"))
    assert (pool_around(own, IPv4Address(address)) is not None) is around
