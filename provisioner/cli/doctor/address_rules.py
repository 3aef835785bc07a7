"""What can be wrong with the addresses that are offered."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from provisioner.cli.doctor.observation import Asked, Finding, Observations, Offer, is_address

SHORTEST_LEASE = 120
LONGEST_LEASE = 30 * 86_400
PATIENCE = 4.0
"""Seconds that firmware waits after its first DISCOVER (PXE 2.1, 2.2.5)."""


def no_offer(seen: Observations) -> Iterator[Finding]:
    """Nobody answers at all, or not every kind of machine is answered."""
    if not seen.offers:
        yield Finding(
            "no-offer",
            f"no DHCP server answered on {seen.interface} within {seen.waited:.0f} s",
            _why_silent(seen),
            "see that the daemon serves this network (`provisioner status`), that the network declares"
            " a pool, that cable and VLAN lead there, and that no firewall drops UDP to port 67",
        )
        return
    answered = {offer.asked for offer in seen.own}
    for asked in Asked:
        if asked not in answered:
            yield Finding(
                "not-offered",
                f"a machine in {asked} is offered nothing, while others are",
                "its firmware gives up after about a minute and boots from its disk",
                "the server tells kinds of machines apart (options 60, 77 and 93): have it answer"
                " this one too",
            )


def _why_silent(seen: Observations) -> str:
    expected = seen.expected
    if expected is not None and expected.withheld:
        return f"its daemon gives no addresses now: {expected.withheld}"
    return "no machine can boot over this network"


def other_servers(seen: Observations) -> Iterator[Finding]:
    """More than one server gives addresses, or another than ours."""
    expected, servers = seen.expected, list(seen.address_servers)
    if expected is None:
        rivals = servers if len(servers) > 1 else []
    elif not (ours := seen.of_server(expected)):
        yield from _not_ours(seen)
        return
    else:
        rivals = [one for one in servers if one.server != str(expected.server)]
        if all(offer.is_proxy for offer in ours) and len(rivals) == 1:
            return  # beside a server that gives the addresses: as it has to be
    told = [_named(one) for one in rivals]
    if expected is not None:
        told += [one for one in expected.known_servers if not _is_among(one, rivals)]
    if told:
        yield Finding(
            "second-server",
            f"{'another DHCP server answers' if expected else 'several DHCP servers answer'}:"
            f" {', '.join(told)}",
            "a machine takes the offer that comes first: now and then one gets an address and a boot"
            " file that don't belong together, or none",
            "switch all but one off on this network; a switch that knows the MAC says at which port"
            " it is",
        )


def _not_ours(seen: Observations) -> Iterator[Finding]:
    assert seen.expected is not None, "asked for by the caller"
    if seen.offers:
        yield Finding(
            "not-ours",
            f"{seen.expected.server}, which serves {seen.expected.network}, did not answer; this did:"
            f" {', '.join(sorted({_named(one) for one in seen.offers}))}",
            seen.expected.withheld or "machines get addresses and boot files of another server",
            "start the daemon if it isn't running; if it withholds addresses, switch the other server"
            " off",
        )


def _named(offer: Offer) -> str:
    return f"{offer.server} ({offer.server_mac})"


def _is_among(told: str, rivals: list[Offer]) -> bool:
    return any(told.startswith(_named(one)) for one in rivals)


def wrong_subnet(seen: Observations) -> Iterator[Finding]:
    """An address, a router or a server that the others can't reach directly."""
    for offer in _judged(seen):
        expected = seen.expected
        subnet = offer.subnet
        if expected is not None and expected.subnet is not None:
            subnet = expected.subnet
        named = {"the address": offer.address, "the router": offer.router}
        strays = [
            f"{what} {address}"
            for what, address in named.items()
            if is_address(address) and IPv4Address(address) not in subnet
        ]
        if offer.mask and subnet.netmask != IPv4Address(offer.mask):
            strays.append(f"the mask {offer.mask}")
        if strays:
            yield Finding(
                "wrong-subnet",
                f"{_named(offer)} offers what isn't of {subnet}: {', '.join(strays)}",
                "the machine reaches neither its router nor its boot server",
                "correct that server's range, mask and router, or the cable or VLAN it is on",
            )


def odd_times(seen: Observations) -> Iterator[Finding]:
    """A lease time that nobody can work with (RFC 2131, 4.4.5)."""
    for offer in _judged(seen):
        told = _odd(offer, None if seen.expected is None else seen.expected.lease_time)
        if told:
            yield Finding(
                "odd-lease-time",
                f"{_named(offer)}: {told}",
                "a lease that ends while a machine installs takes its address away; one that never"
                " ends uses the pool up",
                "an hour suits machines that are installed; T1 is half of it, T2 seven eighths",
            )


def _odd(offer: Offer, declared: int | None) -> str:
    lease = offer.lease_time
    if lease is None:
        return "the offer has no lease time"
    if declared is not None and lease != declared:
        return f"the lease time is {lease} s, declared are {declared} s"
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        return f"the lease time is {lease} s"
    renewal = lease // 2 if offer.renewal is None else offer.renewal
    rebinding = lease * 7 // 8 if offer.rebinding is None else offer.rebinding
    if not renewal <= rebinding <= lease:
        return f"T1 {renewal} s, T2 {rebinding} s and the lease's {lease} s are not in that order"
    return ""


def slow(seen: Observations) -> Iterator[Finding]:
    """An answer that comes after firmware has asked again."""
    late = [offer for offer in seen.own if offer.after > PATIENCE]
    if late:
        latest = max(late, key=lambda offer: offer.after)
        yield Finding(
            "slow-offer",
            f"{_named(latest)} answered {latest.asked} after {latest.after:.1f} s",
            "firmware waits 4 s before it asks again, and gives up after a few times",
            "a server that pings an address before it offers it (dnsmasq, ISC's) can be told not to",
        )


def address_in_use(seen: Observations) -> Iterator[Finding]:
    offer = seen.address_offer
    if seen.in_use_by and offer is not None:
        yield Finding(
            "address-in-use",
            f"{offer.address}, which {_named(offer)} offered, is in use by {seen.in_use_by}",
            "two machines with one address lose each other's answers",
            "take that machine's address out of the pool (`exclude`), or give it another",
        )


def not_acknowledged(seen: Observations) -> Iterator[Finding]:
    offer = seen.address_offer
    if seen.acknowledged is False and offer is not None:
        yield Finding(
            "not-acknowledged",
            f"{_named(offer)} offered {offer.address}, but did not acknowledge it",
            "a machine that takes the offer gets no lease and begins anew",
            "look into that server's log: a disk that is full keeps ours from answering",
        )


def _judged(seen: Observations) -> Iterator[Offer]:
    """One offer of each server that is ours, or of all if we don't know ours."""
    own = {offer.server for offer in seen.own}
    return (offer for offer in seen.address_servers if offer.server in own)
