"""DHCP: how many new clients a second go from DISCOVER to ACK with less than one in a hundred lost.

Our leases are on the disk before their ACK is sent, and so are dnsmasq's. Kea's aren't: it is measured as it
is, and made to wait for the disk as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.effort import Effort
from bench.figure import OURS, Figure, TimesBest
from bench.ground import Ground
from bench.knee import Search, Trial
from bench.load import perfdhcp
from bench.ours import Shipped
from bench.peers import dnsmasq, kea
from bench.peers.synced import synced
from bench.peers.unpacked import unpacked
from bench.say import say
from bench.subject import Subject, alive
from bench.wire import CLIENT_INTERFACE, SERVER

FACTOR = 2.0
WHAT = "DHCP: new clients, four-way exchanges"
MOST_LOST = 0.01
LEAST_ASKED = 0.97
"""Of the rate: a load generator that didn't get around to asking shows nothing."""
FIRST_GUESS = 1000


def subjects(effort: Effort, ground: Ground) -> list[Subject]:
    """We and, unless alone, the peers."""
    if effort.alone:
        return [Shipped().subject]
    return [Shipped().subject, *durable_peers(ground), *forgetful_peers(ground)]


def durable_peers(ground: Ground) -> list[Subject]:
    """Whose leases are on the disk before their ACK is sent."""
    return [dnsmasq.DHCP, synced(_kea(ground))]


def forgetful_peers(ground: Ground) -> list[Subject]:
    """Whose leases a power cut may take."""
    return [dnsmasq.FORGETFUL_DHCP, _kea(ground)]


def _kea(ground: Ground) -> Subject:
    return kea.dhcp(unpacked(kea.PACKAGE, ground.cache))


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """Each subject's knee, in each round. Every trial finds the server newly started, without leases."""
    guesses: dict[str, int] = {}
    rounds: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(effort.rounds):
        for subject in subjects(effort, ground):
            search = _search(effort, known=subject.name in guesses)
            attempt = partial(_trial, subject, effort.seconds, ground)
            knee = search.knee(attempt, guesses.get(subject.name, FIRST_GUESS))
            guesses[subject.name] = max(round(knee), search.lowest)
            rounds[subject.name].append(knee)
            say(f"dhcp, round {number + 1}: {subject.name} {knee:,.0f} exchanges/s")
    measured = {name: tuple(values) for name, values in rounds.items()}
    yield _beside("every lease durable", measured, durable_peers(ground))
    yield _beside("peers not durable", measured, forgetful_peers(ground))


def _beside(
    how: str, measured: Mapping[str, tuple[float, ...]], peers: Sequence[Subject]
) -> Figure:
    """Ours and these peers' rates, with the goal."""
    names = tuple(peer.name for peer in peers)
    rounds = {name: values for name, values in measured.items() if name in (OURS, *names)}
    return Figure(f"{WHAT}, {how}", "1/s", rounds, TimesBest(FACTOR, names))


def _search(effort: Effort, known: bool) -> Search:
    """With small steps from where it was the last time."""
    step, tries = 1.12 if known else 2.0, 1 if effort.quick else 2
    precision = 1.12 if effort.quick else 1.05
    return Search(step, precision, tries=tries, most=effort.trials)


def _trial(subject: Subject, seconds: int, ground: Ground, rate: int) -> Trial:
    with alive(subject, ground) as (place, _):
        command = perfdhcp.command(SERVER, CLIENT_INTERFACE, rate, seconds)
        report = perfdhcp.parse(place.wire.client.attempt(*command, timeout=seconds + 60).stdout)
    asked = report.offers.sent / seconds
    sustained = report.lost < MOST_LOST and asked > LEAST_ASKED * rate
    trial = Trial(report.acks.received / seconds, sustained)
    say(
        f"  {subject.name}: {rate}/s: {trial.achieved:.0f} completed, {report.lost:.2%} lost, "
        f"{report.offers.average_ms:.1f} + {report.acks.average_ms:.1f} ms, "
        f"{'' if sustained else 'not '}sustained"
    )
    return trial
