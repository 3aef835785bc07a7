"""perfdhcp, Kea's load generator: many new DHCP clients behind one relay, which it plays. In one thread it
asks more than in its usual two, which wait for each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address

DROPPED_AFTER_SECONDS = 1
_CLIENTS = 1 << 30
_SECTION = re.compile(r"\*\*\*Statistics for: (\S+)\*\*\*\n(.*?)(?=\*\*\*|\Z)", re.DOTALL)


def command(server: IPv4Address, interface: str, rate: int, seconds: int) -> tuple[str, ...]:
    """Every exchange is another client's; it waits for late answers at the end."""
    load = ("-r", str(rate), "-R", str(_CLIENTS), "-p", str(seconds))
    patience = ("-d", str(DROPPED_AFTER_SECONDS), "-W", str(DROPPED_AFTER_SECONDS * 1_000_000))
    return ("perfdhcp", "-4", "-g", "single", "-l", interface, *load, *patience, str(server))


@dataclass(frozen=True, slots=True)
class Exchange:
    """One kind of question: how many were asked, how many of them were answered, in how long."""

    sent: int
    received: int
    average_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    """DISCOVER with OFFER, then REQUEST with ACK."""

    offers: Exchange
    acks: Exchange

    @property
    def lost(self) -> float:
        """The part of all four-way exchanges begun that was not completed."""
        return 1 - self.acks.received / self.offers.sent if self.offers.sent else 1.0


def parse(output: str) -> Report:
    """What it prints at its end; ValueError if that isn't there."""
    sections = {name: _exchange(text) for name, text in _SECTION.findall(output)}
    try:
        return Report(sections["DISCOVER-OFFER"], sections["REQUEST-ACK"])
    except KeyError as error:
        raise ValueError(f"perfdhcp tells nothing of {error}: {output[-500:]}") from error


def _exchange(text: str) -> Exchange:
    told = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    average = told.get("avg delay", "0").split()[0]
    return Exchange(int(told["sent packets"]), int(told["received packets"]), float(average))
