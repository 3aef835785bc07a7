"""What is to be said to a running HAProxy, so that it does what is wanted without a reload. Pure.

Doors are closed before others are opened. A server that is added is down until its checks say otherwise;
one that is wanted no longer drains, and is deleted once it has no session: that takes another look.
Source: HAProxy 2.6's Management Guide, 9.3 (`add server`, `del server`, `set server`, `add acl`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from harmony.domain.capability.load_balancer import Frontend, HealthCheck, Server
from harmony.infra.haproxy.configuration import Place, server_words, weight_of
from harmony.infra.haproxy.running import Running, RunningServer, Session

_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Order:
    """A command, what its answer has in it if it was obeyed (empty: nothing at all), and words for a
    person; without words it goes with the one before it. `late`: part of the answer if it was so already."""

    command: str
    answer: str = ""
    what: str = ""
    late: str = ""

    def obeyed(self, answer: str) -> bool:
        if self.late and self.late in answer:
            return True
        return self.answer in answer if self.answer else not answer


def orders(running: Running, frontends: Sequence[Frontend], place: Place) -> tuple[Order, ...]:
    """None if all is as wanted, or has to end by itself first."""
    return (
        *closings(running, frontends, place),
        *_openings(running, frontends, place),
        *(order for one in frontends for order in _servers(running, one)),
        *_leaving(running.servers, frontends),
    )


def closings(running: Running, frontends: Iterable[Frontend], place: Place) -> Iterator[Order]:
    """Doors closed to who may connect no longer, and what came in through them ended. To be said before a
    reload too: what the old process has is out of reach after it."""
    for one in frontends:
        if one.sources is None:
            continue
        wanted = _wanted(one)
        for entry in sorted(running.sources.get(one.name, ())):
            if _read(entry) not in wanted:
                command = f"del acl {place.sources(one.name)} {entry}"
                yield Order(command, what=f"{one.name} is closed to {entry}")
        for session in running.sessions:
            if session.frontend == one.name and _address(session.source) not in wanted:
                yield _cut(session)


def _openings(running: Running, frontends: Iterable[Frontend], place: Place) -> Iterator[Order]:
    for one in frontends:
        open_to = {_read(entry) for entry in running.sources.get(one.name, ())}
        for address in sorted(map(str, _wanted(one) - open_to)):
            command = f"add acl {place.sources(one.name)} {address}"
            yield Order(command, what=f"{one.name} is open to {address}")


def _wanted(frontend: Frontend) -> set[_Address]:
    return {ip_address(one) for one in frontend.sources or ()}


def _read(entry: str) -> _Address | None:
    """None for what only a person can have put there, such as a network."""
    try:
        return ip_address(entry)
    except ValueError:
        return None


def _cut(session: Session) -> Order:
    what = f"a session of {session.source} with {session.frontend} is ended"
    return Order(f"shutdown session {session.identity}", what=what, late="No such session")


def _address(source: str) -> _Address:
    """A socket for both families tells IPv4 addresses as IPv6's (RFC 4291, section 2.5.5.2)."""
    address = ip_address(source)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _servers(running: Running, frontend: Frontend) -> Iterator[Order]:
    there = {one.name: one for one in running.servers if one.frontend == frontend.name}
    for server in frontend.servers:
        name = f"{frontend.name}/{server.name}"
        if server.name in there:
            yield from _changed(name, there[server.name], server)
        else:
            yield from _added(name, server, frontend.health)


def _added(name: str, server: Server, health: HealthCheck) -> Iterator[Order]:
    backend = name.partition("/")[0]
    added = f"add server {backend}/{server_words(server, health)}"
    yield Order(added, "New server registered", f"{name} is added")
    yield Order(f"enable health {name}")
    yield Order(f"set server {name} state ready; set server {name} health down")


def _changed(name: str, there: RunningServer, wanted: Server) -> Iterator[Order]:
    if (ip_address(there.address), there.port) != (ip_address(wanted.address), wanted.port):
        where = f"{wanted.address} port {wanted.port}"
        yield Order(f"set server {name} addr {where}", "changed", f"{name} is at {where}")
        yield Order(f"set server {name} health down; shutdown sessions server {name}")
    if there.admin:
        yield Order(f"set server {name} state ready", what=f"{name} is no longer taken out")
    if there.weight != weight_of(wanted):
        what = f"{name} drains" if wanted.drained else f"{name} serves again"
        yield Order(f"set server {name} weight {weight_of(wanted)}", what=what)


def _leaving(servers: Iterable[RunningServer], frontends: Iterable[Frontend]) -> Iterator[Order]:
    wanted = {(one.name, server.name) for one in frontends for server in one.servers}
    for server in servers:
        name = f"{server.frontend}/{server.name}"
        if (server.frontend, server.name) in wanted:
            continue
        if server.weight != 0:
            yield Order(f"set server {name} weight 0", what=f"{name} drains and leaves")
        elif server.sessions == 0:
            yield Order(f"set server {name} state maint")
            yield Order(f"del server {name}", "Server deleted", f"{name} has left")
