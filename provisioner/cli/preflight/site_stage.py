"""The site stage: what is looked at before anything is powered on, out of the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from harmony.domain.asset import Asset
from harmony.domain.order import AnyScore
from harmony.domain.preflight.check import Check
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance, HasClusterEntrance
from harmony.domain.score import HasDnsNames
from harmony.infra.asset_folder import AssetFolder
from harmony.modules.okd.load_balancer_score import LoadBalancerScore
from harmony.modules.preflight.address_checks import AddressChecks
from harmony.modules.preflight.asset_checks import asset_checks
from harmony.modules.preflight.assets import KeptAsset
from harmony.modules.preflight.catalogue import SITE_STAGE
from harmony.modules.preflight.clock_checks import ClockChecks
from harmony.modules.preflight.clocks import TimeAnswer
from harmony.modules.preflight.dhcp_servers import dhcp_checks
from harmony.modules.preflight.front_checks import FrontChecks
from harmony.modules.preflight.jump_host_checks import JumpHostChecks
from harmony.modules.preflight.name_answer import NameAnswer
from harmony.modules.preflight.name_checks import (
    NameChecks,
    RecordType,
    names_of_hosts,
    resolvers_of,
)
from inventory.site import Site
from provisioner.cli.known import assets_of
from provisioner.cli.preflight import (
    asset_probe,
    dhcp_probe,
    front_probe,
    jump_host_probe,
    name_probe,
    time_probe,
)
from provisioner.cli.preflight.address_probe import AddressProbe
from provisioner.serve.links import Interface

_ORDER = {kind.id: number for number, kind in enumerate(SITE_STAGE)}


@dataclass(frozen=True, slots=True)
class Seat:
    """What the checks are made from: this computer. `clock` is in epoch seconds, `unheard_of` a label
    that nobody has given to anything, `needed` what has to be free on its disks."""

    clock: Callable[[], float]
    interfaces: Sequence[Interface]
    unheard_of: str
    needed: Mapping[str, int]
    assets: AssetFolder
    is_serving: bool


def site_stage(site: Site, scores: Iterable[AnyScore], seat: Seat) -> list[Check]:
    """In the order in which they are shown: by what is asked, then as declared."""
    declared = tuple(scores)
    checks = (
        *_names(site, declared, seat),
        *_on_the_wire(site, _entrances(declared), seat),
        *_in_here(site, assets_of(declared), seat),
    )
    return sorted(checks, key=lambda check: _ORDER[check.kind.id])


def _entrances(scores: Sequence[AnyScore]) -> list[ClusterEntrance]:
    """Where a Score of ours balances an API, the jump host answers there."""
    balancers = [one for one in scores if isinstance(one, LoadBalancerScore)]
    ours = {IPv4Address(address) for one in balancers for address in one.api_addresses}
    found = [one.cluster_entrance() for one in scores if isinstance(one, HasClusterEntrance)]
    return [replace(one, balancer=Balancer.JUMP_HOST) if one.api in ours else one for one in found]


def _names(site: Site, scores: Sequence[AnyScore], seat: Seat) -> Iterator[Check]:
    async def ask(asked: Sequence[str], record: RecordType) -> Sequence[NameAnswer]:
        return await name_probe.ask_all(resolvers_of(site), asked, record)

    entrances = _entrances(scores)
    by_scores = frozenset(
        name for one in scores if isinstance(one, HasDnsNames) for name in one.dns_names()
    )
    checks = NameChecks(ask, seat.unheard_of, by_scores, names_of_hosts(site))
    for entrance in entrances:
        yield from checks.of_cluster(entrance)
    yield from checks.of_hosts(site, entrances)


def _on_the_wire(site: Site, entrances: Sequence[ClusterEntrance], seat: Seat) -> Iterator[Check]:
    async def times(servers: Sequence[IPv4Address]) -> Sequence[TimeAnswer]:
        return await time_probe.ask_all(servers, seat.clock)

    of_addresses = AddressChecks(site, AddressProbe(seat.interfaces).who_has)
    for entrance in entrances:
        yield from of_addresses.of_cluster(entrance)
        yield from FrontChecks(front_probe.knock, seat.unheard_of).of_cluster(entrance)
    yield from of_addresses.of_hosts()
    yield from ClockChecks(times).of_site(site)
    yield from dhcp_checks(site, dhcp_probe.others)


def _in_here(site: Site, assets: Sequence[Asset], seat: Seat) -> Iterator[Check]:
    async def kept(asset: Asset) -> KeptAsset:
        return await asset_probe.kept(seat.assets, asset)

    yield from asset_checks(assets, kept)
    yield from JumpHostChecks(
        jump_host_probe.cards_of(seat.interfaces),
        seat.needed,
        jump_host_probe.room,
        jump_host_probe.listeners,
        seat.is_serving,
    ).of_site(site)
