"""What a name server said when it was asked, or why it said nothing: a value, without judgement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from typing_extensions import override


class Silence(StrEnum):
    """Why there is no answer."""

    TIMED_OUT = (
        "doesn't answer: the question or its answer is dropped on the way, or nobody is there"
    )
    PORT_CLOSED = "is there and no name server is: its port 53 is closed"
    UNREACHABLE = (
        "can't be reached from the jump host: there is no route, or nobody has the address"
    )
    NO_DNS = "answers with something that is no DNS"


@dataclass(frozen=True, slots=True)
class Resolver:
    """A name server that the nodes will ask; `is_ours` if it is the jump host's own, `is_fed` if it is the
    site's and takes the names of clusters from us."""

    address: IPv4Address
    is_ours: bool
    is_fed: bool = False

    @override
    def __str__(self) -> str:
        return str(self.address)


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """`code` in DNS's words, such as NXDOMAIN; `values` are addresses, or names without their last dot."""

    resolver: Resolver
    name: str
    code: str = ""
    values: tuple[str, ...] = ()
    silence: Silence | None = None

    @property
    def is_empty(self) -> bool:
        """There is a name server, and it has no such record."""
        return self.silence is None and not self.values and self.code in ("NOERROR", "NXDOMAIN")

    @property
    def says(self) -> str:
        if self.silence is not None:
            return self.silence
        if self.values:
            return ", ".join(self.values)
        return "no such record" if self.code == "NOERROR" else self.code
