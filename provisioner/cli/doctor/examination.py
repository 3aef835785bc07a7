"""One network examined from within: what is offered, then what a machine would fetch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from provisioner.cli.doctor import http_client, name_asker, tftp_client
from provisioner.cli.doctor.dhcp_asker import DhcpAsker
from provisioner.cli.doctor.diagnosis import diagnose
from provisioner.cli.doctor.observation import (
    NOWHERE,
    PXE,
    Asked,
    Examination,
    Expected,
    HttpFetch,
    NameAnswer,
    Observations,
    Offer,
    TftpFetch,
    is_address,
    is_url,
)
from provisioner.cli.doctor.station import CARD, Station, own_mac

WAIT = 10.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """`mac` is whom to ask as; `full` takes a lease and gives it back."""

    mac: str | None = None
    full: bool = False
    wait: float = WAIT


def examine(interface: str, expected: Expected | None, wishes: Wishes) -> Examination:
    """Raises OperatorError if this computer can't look at that network as a machine would."""
    mac = wishes.mac or own_mac(interface)
    with Station(interface, mac) as station:
        asker = DhcpAsker(CARD, mac)
        offers = station.call(lambda: asker.offers(wishes.wait))
        seen = Observations(interface, mac, wishes.wait, expected, offers)
        offer = seen.address_offer
        if offer is not None:
            seen = _as_a_machine(station, asker, seen, offer, wishes.full)
    return Examination(seen, diagnose(seen))


def _as_a_machine(
    station: Station, asker: DhcpAsker, seen: Observations, offer: Offer, full: bool
) -> Observations:
    """With the offered address on the card: as a lease if it is `full`, else for the seconds that an
    offer is held, and only if nobody has it."""
    owner = station.call(lambda: asker.owner_of(offer.address))
    seen = replace(seen, in_use_by=owner)
    if owner:
        return seen
    if full:
        seen = replace(seen, acknowledged=station.call(lambda: asker.takes(offer)))
        if not seen.acknowledged:
            return seen
    _take(station, offer)
    try:
        return station.call(lambda: _fetched(seen, offer))
    finally:
        if full:
            station.call(lambda: asker.gives_back(offer))


def _take(station: Station, offer: Offer) -> None:
    station.ip("address", "add", f"{offer.address}/{offer.subnet.prefixlen}", "dev", CARD)
    if is_address(offer.router) and offer.router != NOWHERE:
        station.ip("route", "add", "default", "via", offer.router, "dev", CARD, "onlink")


def _fetched(seen: Observations, offer: Offer) -> Observations:
    names = tuple(_names(seen, offer))
    return replace(seen, names=names, tftp=tuple(_tftp(seen)), http=tuple(_http(seen, names)))


def _names(seen: Observations, offer: Offer) -> Iterator[NameAnswer]:
    expected = () if seen.expected is None else seen.expected.names
    for server in offer.dns:
        for name, address in expected or ((name_asker.own_name(server), ""),):
            yield name_asker.ask(server, name, address)
    for host in _named_hosts(seen) if offer.dns else ():
        yield name_asker.ask(offer.dns[0], host)


def _named_hosts(seen: Observations) -> Iterator[str]:
    """The servers of URLs that are given by name."""
    for asked in Asked:
        boots = seen.boots(asked)
        host = urlsplit(boots.program).hostname if boots and is_url(boots.program) else None
        if host and not is_address(host):
            yield host


def _tftp(seen: Observations) -> Iterator[TftpFetch]:
    asked_for: set[tuple[str, str]] = set()
    for asked in PXE:
        boots = seen.boots(asked)
        if boots is None or is_url(boots.program) or not is_address(boots.loaded_from):
            continue
        where = boots.loaded_from, boots.program
        if where not in asked_for:
            asked_for.add(where)
            yield from tftp_client.fetch(CARD, *where)


def _http(seen: Observations, names: tuple[NameAnswer, ...]) -> Iterator[HttpFetch]:
    addresses = {one.name: one.addresses[0] for one in names if one.addresses}
    for asked in (Asked.IPXE, Asked.UEFI_HTTP):
        boots = seen.boots(asked)
        if boots is not None and is_url(boots.program):
            yield http_client.fetch(asked, boots.program, addresses)
