"""Each case that the checkers reject is refused at run time too, before anything is called."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harmony.domain.score import Score
from harmony.maestro import Maestro, RefusedDeclarationError
from tests.typing.cast import Bare, Full, NamedTopology, NamesOnly, NamesScore
from tests.typing.failover import Failover, ZoneScore

pytestmark = pytest.mark.unit

REJECTED: dict[str, tuple[Any, Score[Any], str]] = {
    "nothing": (Bare(), NamesScore("z"), "needs DnsServer and DhcpServer, which Bare lacks"),
    "half": (NamesOnly(), NamesScore("z"), "needs DhcpServer, which NamesOnly lacks"),
    "pair of nothing": (
        Failover(Bare(), Bare()),
        ZoneScore("z"),
        "needs DnsServer, which Failover lacks",
    ),
    "nested": (
        Failover(Failover(Bare(), Bare()), Failover(Bare(), Bare())),
        ZoneScore("z"),
        "needs DnsServer, which Failover lacks",
    ),
    "mixed pair": (
        Failover[NamedTopology](NamesOnly(), Bare()),
        ZoneScore("z"),
        "needs DnsServer, which Failover lacks",
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_refused_before_anything_is_called(case: str) -> None:
    topology, score, label = REJECTED[case]
    maestro = Maestro[Any](topology)
    maestro.register(score)
    (finding,) = maestro.compile()
    assert (finding.code, finding.label) == ("HP0101", label)
    with pytest.raises(RefusedDeclarationError):
        asyncio.run(maestro.run(lambda event: None))
    assert _calls(topology) == []


@pytest.mark.parametrize(
    "topology",
    [Full(), Failover(NamesOnly(), Full()), Failover(Failover(Full(), Full()), Full())],
    ids=["leaf", "pair", "nested"],
)
def test_accepted(topology: Any) -> None:
    maestro = Maestro[Any](topology)
    maestro.register(ZoneScore("z"))
    assert maestro.compile() == ()


def _calls(topology: Any) -> list[str]:
    if isinstance(topology, NamedTopology):
        return topology.calls
    return [call for member in topology.members() for call in _calls(member)]
