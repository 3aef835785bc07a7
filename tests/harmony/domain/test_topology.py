from __future__ import annotations

import pytest

from harmony.domain.capability import DhcpServer, DnsServer
from harmony.domain.topology import Topology, capabilities, supports, through_scores
from tests.typing.cast import Bare, Full, NamedTopology, NamesAndAddresses, NamesOnly
from tests.typing.failover import Failover

pytestmark = pytest.mark.unit


class Delegating(NamesOnly):
    """Has DNS once a Score has brought it about."""

    through_scores = frozenset({DnsServer})


class OwnNames(Failover[NamedTopology]):
    """A composite that has DNS whatever its members have."""

    own = frozenset({DnsServer})


def test_capabilities_are_the_protocols_with_methods_of_their_own() -> None:
    assert tuple(capabilities(NamesAndAddresses)) == (DnsServer, DhcpServer)


@pytest.mark.parametrize(
    ("offer", "has_dns", "has_dhcp"),
    [
        (Bare(), False, False),
        (NamesOnly(), True, False),
        (Full(), True, True),
        (Failover(NamesOnly(), NamesOnly()), True, False),
        (Failover[NamedTopology](NamesOnly(), Bare()), False, False),
        (Failover(Failover(Full(), Full()), Failover(Full(), Full())), True, False),
        (OwnNames(Bare(), Bare()), True, False),
        (Bare, False, False),
        (Full, True, True),
        (NamesAndAddresses, True, True),
        (OwnNames, True, False),
        (Failover, False, False),
    ],
)
def test_a_composite_has_what_all_of_its_members_have(
    offer: Topology | type, has_dns: bool, has_dhcp: bool
) -> None:
    assert (supports(offer, DnsServer), supports(offer, DhcpServer)) == (has_dns, has_dhcp)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (NamesOnly(), set[type]()),
        (Delegating(), {DnsServer}),
        (Delegating, {DnsServer}),
        (Failover(NamesOnly(), Delegating()), {DnsServer}),
        (OwnNames(Delegating(), Delegating()), set[type]()),
    ],
)
def test_what_is_there_only_through_scores(offer: Topology | type, expected: set[type]) -> None:
    assert through_scores(offer) == expected


def test_a_leaf_that_forgets_a_method_cannot_be_made() -> None:
    class Forgetful(NamedTopology, DnsServer):
        pass

    with pytest.raises(TypeError, match="ensure_dns_records"):
        Forgetful()  # type: ignore[abstract]  # pyright: ignore[reportAbstractUsage]
