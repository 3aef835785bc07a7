"""Does the site's load balancer listen where the cluster's clients and machines will knock?

Ports and health paths: openshift-docs, modules/installation-load-balancing-user-infra.adoc. Before the
cluster is there, a load balancer that is right takes a connection and ends it, as nobody is behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from ipaddress import IPv4Address

from typing_extensions import override

from harmony.domain.preflight.entrance import Balancer
from harmony.domain.preflight.finding import Finding, Seen, failure, pending, success


class Purpose(Enum):
    """HEALTH: its path has to say that all is well. ROUTER: any answer shows that the router is there."""

    HEALTH = auto()
    ROUTER = auto()


@dataclass(frozen=True, slots=True)
class Front:
    """`host` is the name that a client asks for, in TLS and in HTTP."""

    address: IPv4Address
    port: int
    host: str
    path: str
    tls: bool
    purpose: Purpose

    @override
    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


class End(StrEnum):
    """How a knock ended."""

    REFUSED = "refuses the connection"
    TIMED_OUT = "doesn't answer at all"
    UNREACHABLE = "can't be reached: there is no route, or nobody has the address"
    CLOSED = "takes the connection and ends it"
    SILENT = "takes the connection and says nothing"
    NO_TLS = "takes the connection and speaks no TLS"
    NO_HTTP = "answers with something that is no HTTP"
    ANSWERED = "answers"


@dataclass(frozen=True, slots=True)
class Knocked:
    end: End
    status: int = 0


_THERE = (*range(200, 300), 401, 403)
"""An API server that asks who is there is there (anonymous access may be off)."""


def judge_front(front: Front, knocked: Knocked, balancer: Balancer) -> Finding:
    """`balancer` is the site's, which is there already, or the jump host's, which may not be yet."""
    seen: Seen = {"front": str(front), "end": knocked.end.name, "status": knocked.status}
    what = f"{front} {knocked.end}"
    match knocked.end:
        case End.ANSWERED:
            return _of_answer(front, knocked.status, seen)
        case End.CLOSED | End.SILENT:
            wait = "nothing, if the cluster isn't there yet: run preflight again when it is"
            return pending(f"{what}: nobody is behind it yet", seen, wait)
        case End.NO_TLS | End.NO_HTTP:
            return failure(what, seen, _PASS_THROUGH.format(front=front))
        case End.REFUSED | End.TIMED_OUT | End.UNREACHABLE:
            if balancer is Balancer.JUMP_HOST:
                words = f"{what}: the jump host's load balancer doesn't run yet"
                return pending(words, seen, "nothing now: `provisioner serve` starts it")
            return failure(what, seen, _TO_BE_REACHED[knocked.end].format(front=front))


def _of_answer(front: Front, status: int, seen: Seen) -> Finding:
    words = f"{front} answers {status}" + (f" to {front.path}" if front.path != "/" else "")
    if front.purpose is Purpose.ROUTER or status in _THERE:
        return success(words, seen)
    if status >= 500:
        wait = "nothing, while the cluster comes up: run preflight again when it is there"
        return pending(f"{words}: it isn't ready", seen, wait)
    return failure(words, seen, _PASS_THROUGH.format(front=front))


_PASS_THROUGH = (
    "pass {front} on as it is, by TCP (HAProxy: mode tcp): what is behind it speaks TLS and HTTP itself; and"
    " see that nothing else has the port"
)
_TO_BE_REACHED = {
    End.REFUSED: (
        "the machine is there and nothing listens: add a frontend to its load balancer (HAProxy: bind"
        " {front}, mode tcp) and see that it runs; a firewall that rejects looks the same"
    ),
    End.TIMED_OUT: (
        "what is sent is dropped: let TCP to {front} through the firewalls on the way, the load balancer's"
        " own too, and see that the address is that of a machine that is up"
    ),
    End.UNREACHABLE: (
        "give the load balancer that address, and the jump host a way there: {front}"
    ),
}
