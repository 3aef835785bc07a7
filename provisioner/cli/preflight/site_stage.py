"""The site stage: what is looked at before anything is powered on, out of the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.order import AnyScore
from harmony.domain.preflight.check import Check
from harmony.domain.preflight.entrance import ClusterEntrance, HasEntrance
from harmony.modules.preflight.address_checks import AddressChecks
from harmony.modules.preflight.catalogue import SITE_STAGE
from harmony.modules.preflight.clock_checks import ClockChecks
from harmony.modules.preflight.clocks import TimeAnswer
from harmony.modules.preflight.name_answer import NameAnswer
from harmony.modules.preflight.name_checks import NameChecks, RecordType, resolvers_of
from inventory.site import Site
from provisioner.cli.preflight import name_probe, time_probe
from provisioner.cli.preflight.address_probe import AddressProbe
from provisioner.serve.links import Interface

_ORDER = {kind.id: number for number, kind in enumerate(SITE_STAGE)}


@dataclass(frozen=True, slots=True)
class Seat:
    """What the checks are made from: this computer. `clock` is in epoch seconds, `unheard_of` a label
    that nobody has given to anything."""

    clock: Callable[[], float]
    interfaces: Sequence[Interface]
    unheard_of: str


def site_stage(site: Site, scores: Iterable[AnyScore], seat: Seat) -> list[Check]:
    """In the order in which they are shown: by what is asked, then as declared."""
    entrances = [one.entrance() for one in scores if isinstance(one, HasEntrance)]
    checks = _checks(site, entrances, seat)
    return sorted(checks, key=lambda check: _ORDER[check.kind.id])


def _checks(site: Site, entrances: Sequence[ClusterEntrance], seat: Seat) -> Iterator[Check]:
    async def names(asked: Sequence[str], record: RecordType) -> Sequence[NameAnswer]:
        return await name_probe.ask_all(resolvers_of(site), asked, record)

    async def times(servers: Sequence[IPv4Address]) -> Sequence[TimeAnswer]:
        return await time_probe.ask_all(servers, seat.clock)

    of_names = NameChecks(names, seat.unheard_of)
    of_addresses = AddressChecks(site, AddressProbe(seat.interfaces).who_has)
    for entrance in entrances:
        yield from of_names.of_cluster(entrance)
        yield from of_addresses.of_cluster(entrance)
    yield from of_names.of_hosts(site)
    yield from of_addresses.of_hosts()
    yield from ClockChecks(times).of_site(site)
