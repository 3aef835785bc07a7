"""The networks served now. A change of the declaration binds what is new before it lets go of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError
from inventory.network import Dhcp, Network
from inventory.site import Site
from provisioner.protocol.boot.desired import Desired
from provisioner.serve.contributions import Prepared
from provisioner.serve.errors import ForeignDhcpServerPresent
from provisioner.serve.network_services import NetworkServices, Rooms, bound_by

_Key = tuple[str, str, str, Dhcp, int, int | None]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is `wanted`, what was `bound` for it, and what nobody wants any more."""

    wanted: dict[_Key, tuple[Network, Site]]
    bound: list[NetworkServices]
    unwanted: tuple[NetworkServices, ...]


class Wire:
    """`start` comes before any change is put in force; what is prepared earlier is served then."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._services: dict[_Key, NetworkServices] = {}
        self._tasks: dict[_Key, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None

    @property
    def services(self) -> Iterable[NetworkServices]:
        return self._services.values()

    async def prepare(self, desired: Desired, *, alone: bool = True) -> Prepared:
        """Bind what the declaration newly wants, all or nothing; `alone`: and make sure that no other
        DHCP server is there. Raises an OperatorError with diagnostics, and nothing has changed."""
        wanted = _wanted(desired)
        unwanted = tuple(one for key, one in self._services.items() if key not in wanted)
        bound: list[NetworkServices] = []
        change = _Change(wanted, bound, unwanted)
        try:
            await self._pause(one for one in unwanted if _in_the_way(one, wanted))
            for key, (network, site) in wanted.items():
                if key not in self._services:
                    one = NetworkServices(network, site, self._rooms)
                    await one.require_interface()
                    one.bind()
                    bound.append(one)
            if alone:
                async with asyncio.TaskGroup() as probes:
                    for one in bound:
                        probes.create_task(one.require_alone())
        except (OperatorError, ExceptionGroup) as error:
            self._abandon(change)
            raise _with_diagnostics(error) from error
        return Prepared(
            put_in_force=lambda: self._put_in_force(change),
            abandon=lambda: self._abandon(change),
        )

    def start(self, group: asyncio.TaskGroup) -> None:
        """Serve what is bound, in the task group."""
        self._group = group
        for one in self._services.values():
            self._serve(one)

    def close(self) -> None:
        for one in self._services.values():
            one.close()

    def _put_in_force(self, change: _Change) -> None:
        self._rooms.tls.follow()
        for one in change.unwanted:
            self._services.pop(one.key).close()
            if (task := self._tasks.pop(one.key, None)) is not None:
                task.cancel()
        for key, one in self._services.items():
            one.follow(*change.wanted[key])
        for one in change.bound:
            self._services[one.key] = one
            self._serve(one)

    def _serve(self, one: NetworkServices) -> None:
        if self._group is not None:
            self._tasks[one.key] = self._group.create_task(one.serve())

    async def _pause(self, services: Iterable[NetworkServices]) -> None:
        """Free sockets that another network of the new declaration wants."""
        for one in services:
            if (task := self._tasks.pop(one.key, None)) is not None:
                task.cancel()
                await asyncio.wait([task])
            one.close()

    def _abandon(self, change: _Change) -> None:
        """As it was before."""
        for one in change.bound:
            one.close()
        for one in change.unwanted:
            if one.key not in self._tasks and self._group is not None:
                one.bind()
                self._serve(one)


def _wanted(desired: Desired) -> dict[_Key, tuple[Network, Site]]:
    site = desired.site
    if site is None:
        return {}
    return {
        bound_by(network, site): (network, site)
        for network in site.networks
        if not network.is_relayed
    }


def _in_the_way(one: NetworkServices, wanted: Iterable[_Key]) -> bool:
    return any(one.network.interface == key[1] for key in wanted)


def _with_diagnostics(error: Exception) -> OperatorError:
    """The operator's errors in it, each as a diagnostic. What is a bug goes on as it is."""
    leaves = tuple(_leaves(error))
    for leaf in leaves:
        if not isinstance(leaf, OperatorError):
            raise leaf
    found = tuple(_diagnostic(leaf) for leaf in leaves)
    return OperatorError("; ".join(one.message for one in found), found)


def _leaves(error: Exception) -> Iterator[Exception]:
    if isinstance(error, ExceptionGroup):
        for one in cast(ExceptionGroup[Exception], error).exceptions:
            yield from _leaves(one)
    else:
        yield error


def _diagnostic(error: Exception) -> Diagnostic:
    foreign = isinstance(error, ForeignDhcpServerPresent)
    code = Code.FOREIGN_DHCP_SERVER if foreign else Code.CANNOT_SERVE
    return Diagnostic(code, str(error), help=(_HELP[code],))


_HELP = {
    Code.FOREIGN_DHCP_SERVER: "turn the other server off on this network, or use another network",
    Code.CANNOT_SERVE: "the declared network has to be there before it can be served",
}
