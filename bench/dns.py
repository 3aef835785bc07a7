"""DNS: questions a second about the site's own names, the server on one core and the load on another."""

from __future__ import annotations

from collections.abc import Iterator

from bench.effort import Effort
from bench.figure import Figure, TimesBest
from bench.gathered import Gathered
from bench.ground import Ground
from bench.load import dnsperf
from bench.ours import Shipped
from bench.peers import dnsmasq
from bench.say import say
from bench.site import DOMAIN, RESERVATIONS, hosts
from bench.subject import Subject, alive
from bench.wire import SERVER

RATE = "DNS: authoritative answers, one core"
_SERVERS_CORE = ("taskset", "--cpu-list", "0")
_LOADS_CORE = ("taskset", "--cpu-list", "1")


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """Every host's name, and every sixteenth a name that isn't there."""
    found = Gathered()
    for number in range(effort.rounds):
        for subject in subjects(effort):
            with alive(subject, ground) as (place, _):
                file = place.folder / "questions"
                file.write_text(questions())
                asking = (*_LOADS_CORE, *dnsperf.command(SERVER, file, effort.seconds))
                told = place.wire.client.run(*asking, timeout=effort.seconds + 60).stdout
            report = dnsperf.parse(told)
            _require_answers(report, subject)
            found.add(RATE, subject.name, report.queries_a_second)
            say(
                f"dns, round {number + 1}: {subject.name} {report.queries_a_second:,.0f} questions/s"
            )
    yield found.figure(RATE, "1/s", TimesBest(0.5, (dnsmasq.NAME,)))


def subjects(effort: Effort) -> list[Subject]:
    """We and, unless alone, dnsmasq."""
    ours = Shipped(under=_SERVERS_CORE).subject
    return [ours] if effort.alone else [ours, dnsmasq.dns(_SERVERS_CORE)]


def questions() -> str:
    """As dnsperf reads them."""
    lines: list[str] = []
    for number, host in enumerate(hosts(RESERVATIONS)):
        lines.append(f"{host.name}.{DOMAIN} A")
        if number % 16 == 0:
            lines.append(f"nobody-{number}.{DOMAIN} A")
    return "\n".join(lines) + "\n"


def _require_answers(report: dnsperf.Report, subject: Subject) -> None:
    """A server that refuses is fast, too."""
    answered = sum(report.codes.values())
    good = report.codes.get("NOERROR", 0) > 0.9 * answered
    assert good, f"{subject.name} answers {report.codes}"
    assert report.codes.get("NXDOMAIN", 0) > 0, f"{subject.name} answers {report.codes}"
    assert report.lost <= 0.01 * answered, f"{subject.name} has lost {report.lost} of {answered}"
