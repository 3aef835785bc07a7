"""What both checkers must reject. A line that stops being an error makes its ignores unused, and
unused ignores are errors of both: so each line here is a test."""

from __future__ import annotations

from harmony.maestro import Maestro
from inventory import Host, Site
from tests.typing.cast import Bare, NamesOnly, NamesScore
from tests.typing.failover import Failover, ZoneScore

# fmt: off
NAMES, ZONE = NamesScore("home.example"), ZoneScore("home.example")

Maestro(Bare()).register(NAMES)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Maestro(NamesOnly()).register(NAMES)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

BARE_PAIR = Failover(Bare(), Bare())
Maestro(BARE_PAIR).register(ZONE)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Maestro(Failover(BARE_PAIR, BARE_PAIR)).register(ZONE)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Maestro(Failover(NamesOnly(), NamesOnly())).register(NAMES)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

Host("w1", nics="52:54:00:07:00:12")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Site("home", [], [], racks=[Host("w1")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
Host("w1", adress="10.7.0.12")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
