"""What both checkers must accept without a word."""

from __future__ import annotations

from harmony.domain.score import Score
from harmony.maestro import Maestro
from inventory import BIOS, AnyBlank, Host, Network, Nic, Site
from tests.typing.cast import Full, NamesAndAddresses, NamesOnly, NamesScore
from tests.typing.failover import Failover, Names, ZoneScore

Maestro(Full()).register(NamesScore("home.example"))
Maestro(Full()).register(NamesScore("home.example"), ZoneScore("home.example"))
Maestro(NamesOnly()).register(ZoneScore("home.example"))

needs_little: Score[NamesAndAddresses] = ZoneScore("home.example")

Maestro(Failover(NamesOnly(), NamesOnly())).register(ZoneScore("home.example"))
Maestro(Failover(Failover(NamesOnly(), NamesOnly()), Failover(NamesOnly(), NamesOnly()))).register(
    ZoneScore("home.example")
)
Maestro(Failover[Names](Full(), NamesOnly())).register(ZoneScore("home.example"))


def deploy(maestro: Maestro[NamesAndAddresses]) -> None:
    maestro.register(NamesScore("home.example"))


site = Site(
    "home",
    networks=[Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")],
    hosts=[Host("w1", nics=[Nic("52:54:00:07:00:12")], firmware=BIOS, install_on=AnyBlank())],
)
