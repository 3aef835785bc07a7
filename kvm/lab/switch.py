"""The lab's switches: one Linux bridge per declared network, by the name and with the address that the
declaration gives the jump host's interface, so that what serves there needs no other configuration.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from inventory.network import Network
from kvm.errors import LabDidNotStart

_LOOPBACK = "lo"


class Switches:
    """A context: the bridges are there inside, and are removed at its end."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self._made: list[str] = []

    def __enter__(self) -> Self:
        with IPRoute() as route:
            route.link("set", index=_index(route, _LOOPBACK), state="up")
            for network in self._networks:
                try:
                    self._add_bridge(route, network)
                except NetlinkError as refused:
                    raise LabDidNotStart(
                        f"bridge {network.interface}: {os.strerror(refused.code)}"
                    ) from refused
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with IPRoute() as route:
            for name in reversed(self._made):
                try:
                    route.link("del", index=_index(route, name))
                except NetlinkError as refused:
                    if refused.code != errno.ENODEV:
                        raise
        self._made.clear()

    def _add_bridge(self, route: IPRoute, network: Network) -> None:
        # No spanning tree and no forwarding delay: a port passes packets as soon as it is plugged in.
        route.link(
            "add", ifname=network.interface, kind="bridge", br_stp_state=0, br_forward_delay=0
        )
        self._made.append(network.interface)
        index = _index(route, network.interface)
        if network.mtu is not None:
            route.link("set", index=index, mtu=network.mtu)
        route.addr(
            "add", index=index, address=network.address, prefixlen=network.ip_network.prefixlen
        )
        route.link("set", index=index, state="up")


def _index(route: IPRoute, name: str) -> int:
    found = route.link_lookup(ifname=name)
    if not found:
        raise LabDidNotStart(f"there is no interface {name}")
    return int(found[0])
