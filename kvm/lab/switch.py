"""The lab's switches: one Linux bridge per declared network, by the name and with the address that
the declaration gives the jump host's interface, so that what serves there needs nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self, cast

import pyroute2  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from inventory.network import Network
from kvm.errors import LabDidNotStart

_LOOPBACK = "lo"


class _RouteSocket(Protocol):
    """What we ask of pyroute2's untyped IPRoute."""

    def link(self, command: str, **attributes: str | int) -> object: ...
    def addr(self, command: str, **attributes: str | int) -> object: ...
    def link_lookup(self, *, ifname: str) -> Sequence[int]: ...
    def close(self) -> None: ...


class Switches:
    """A context: the bridges are there inside, and are removed at its end. Machines of a network behind
    a relay are plugged into the one that the relay's packets would come in by."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(one for one in networks if not one.is_relayed)
        self._made: list[str] = []
        self._route = cast(_RouteSocket, pyroute2.IPRoute())

    def __enter__(self) -> Self:
        self._route.link("set", index=self._index(_LOOPBACK), state="up")
        for network in self._networks:
            try:
                self._add_bridge(network)
            except (OSError, pyroute2.NetlinkError) as refused:
                self._remove_bridges()
                self._route.close()
                raise LabDidNotStart(f"bridge {network.interface}: {refused}") from refused
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._remove_bridges()
        self._route.close()

    def _add_bridge(self, network: Network) -> None:
        name = network.interface
        # No spanning tree, no forwarding delay: a port passes packets as soon as it is plugged.
        self._route.link("add", ifname=name, kind="bridge", br_stp_state=0, br_forward_delay=0)
        self._made.append(name)
        index = self._index(name)
        if network.mtu is not None:
            self._route.link("set", index=index, mtu=network.mtu)
        prefix = network.ip_network.prefixlen
        self._route.addr("add", index=index, address=network.address, prefixlen=prefix)
        self._route.link("set", index=index, state="up")

    def _remove_bridges(self) -> None:
        while self._made:
            self._route.link("del", index=self._index(self._made.pop()))

    def _index(self, name: str) -> int:
        found = self._route.link_lookup(ifname=name)
        if not found:
            raise LabDidNotStart(f"there is no interface {name}")
        return found[0]
