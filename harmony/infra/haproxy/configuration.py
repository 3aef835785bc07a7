"""HAProxy's configuration, as text. Nothing is read or written here.

What can be changed while it runs (servers, their drain, source addresses) stands in the file too, so that
it holds after a restart; the rest is the structure, whose digest the running process tells as its
description (`show info`). Source: HAProxy 2.6's Configuration Manual.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harmony.domain.capability.load_balancer import Balance, Frontend, HealthCheck, Server

# Both are dynamic: servers can be added while it runs (section "balance", "hash-type").
_BALANCE = {
    Balance.LEAST_CONNECTIONS: ("balance leastconn",),
    Balance.SOURCE: ("balance source", "hash-type consistent"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one HAProxy. `unprivileged`: it is started as root, which it is not to stay."""

    folder: Path
    unprivileged: bool

    @property
    def configuration(self) -> Path:
        return self.folder / "haproxy.cfg"

    @property
    def socket(self) -> Path:
        return self.folder / "admin.sock"

    @property
    def pid(self) -> Path:
        return self.folder / "haproxy.pid"

    @property
    def empty(self) -> Path:
        """The root folder of the process, once it runs."""
        return self.folder / "empty"

    def sources(self, frontend: str) -> Path:
        """The addresses that may connect to it."""
        return self.folder / f"sources-{frontend}"


def render(frontends: Sequence[Frontend], place: Place) -> str:
    """The whole file."""
    lines = _lines(frontends, place, structure_of(frontends, place))
    return "".join(f"{line}\n" for line in lines)


def structure_of(frontends: Iterable[Frontend], place: Place) -> str:
    """A digest of all that can't be changed while it runs."""
    bare = [
        replace(one, servers=(), sources=None if one.sources is None else ()) for one in frontends
    ]
    text = "\n".join(_lines(bare, place, ""))
    return f"harmony-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def sources_text(frontend: Frontend) -> str:
    """The file of `place.sources`: an address a line."""
    return "".join(f"{one}\n" for one in sorted(frontend.sources or ()))


def server_words(server: Server, health: HealthCheck) -> str:
    """What follows `server` in the file and `add server BACKEND/` on the socket."""
    check = f"check inter {health.seconds}s fastinter 1s fall {health.fall} rise {health.rise}"
    port = "" if health.port is None else f" port {health.port}"
    tls = " check-ssl verify none" if health.tls else ""
    where = f"[{server.address}]" if ":" in server.address else server.address
    return (
        f"{server.name} {where}:{server.port} weight {weight_of(server)} {check}{port}{tls}"
        " on-marked-down shutdown-sessions"
    )


def weight_of(server: Server) -> int:
    """A server of weight 0 drains, and it is one word for the file and for the socket."""
    return 0 if server.drained else 1


def _lines(frontends: Sequence[Frontend], place: Place, structure: str) -> Iterator[str]:
    yield from _process(place, structure)
    for frontend in frontends:
        yield from _frontend(frontend, place)
        yield from _backend(frontend)


def _process(place: Place, structure: str) -> Iterator[str]:
    """A process that was reloaded ends its last sessions after `hard-stop-after`: it checks no servers any
    more. Sessions idle as watches do; what is gone is found by TCP's keepalives."""
    yield "global"
    yield f"  description {structure}"
    yield f"  stats socket {place.socket} mode 600 level admin expose-fd listeners"
    yield "  hard-stop-after 5m"
    if place.unprivileged:
        yield f"  chroot {place.empty}"
        yield "  user nobody"
        yield "  group nogroup"
    yield "defaults"
    yield "  mode tcp"
    yield "  timeout connect 3s"
    yield "  timeout check 3s"
    yield "  timeout client 1h"
    yield "  timeout server 1h"
    yield "  option clitcpka"
    yield "  option srvtcpka"
    yield "  retries 3"
    yield "  option redispatch 1"


def _frontend(frontend: Frontend, place: Place) -> Iterator[str]:
    yield f"frontend {frontend.name}"
    for address in frontend.addresses:
        where = f"[{address}]" if ":" in address else address
        yield f"  bind {where}:{frontend.port}"
    if frontend.sources is not None:
        allowed = place.sources(frontend.name)
        yield f"  tcp-request connection reject unless {{ src -f {allowed} }}"
    yield f"  default_backend {frontend.name}"


def _backend(frontend: Frontend) -> Iterator[str]:
    yield f"backend {frontend.name}"
    yield from (f"  {line}" for line in _BALANCE[frontend.balance])
    yield "  option httpchk"
    yield f"  http-check send meth GET uri {frontend.health.path}"
    yield "  http-check expect status 200"
    # A comment to HAProxy: how servers are checked is part of the structure, also of one without servers.
    yield f"  # {server_words(Server('each', '0.0.0.0', 0), frontend.health)}"
    for server in frontend.servers:
        yield f"  server {server_words(server, frontend.health)}"
