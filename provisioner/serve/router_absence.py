"""Tells machines that are in iPXE, and nobody else, that there is no IPv6 router here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from inventory.errors import ProvisionerBug
from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.event import (
    DhcpEvent,
    DiscoverHeard,
    RequestHeard,
    RouterAbsenceTold,
)
from provisioner.protocol.ndp.router_absence import no_router, solicitation
from provisioner.serve.faults import Faults
from provisioner.serve.raw_frame import ROUTER_SOLICITATIONS, interface_mac, open_frame_socket

_IN_IPXE_FOR = 30.0
"""Seconds after its last DHCP message that a machine is taken to be still in iPXE."""
_LARGEST_FRAME = 2048
_AFTER_A_FAILURE = 0.1
"""Seconds."""


class RouterAbsence:
    """One interface's answer to Router Solicitations. `clock` gives seconds; `on_event` must not
    block."""

    def __init__(
        self,
        *,
        interface: str,
        clock: Callable[[], float],
        on_event: Callable[[DhcpEvent], None],
    ) -> None:
        self._interface = interface
        self._clock = clock
        self._on_event = on_event
        self._heard_at: dict[str, float] = {}
        self._faults = Faults()
        self._frames: socket.socket | None = None

    def bind(self) -> None:
        """Open the socket. Raises SocketNotBound or InterfaceMissing."""
        self._frames = open_frame_socket(self._interface, ROUTER_SOLICITATIONS)

    def notice(self, event: DhcpEvent) -> None:
        """To be told every event of DHCP: which machines are in iPXE, and which have left it."""
        if not isinstance(event, DiscoverHeard | RequestHeard):
            return
        if event.client is ClientKind.IPXE:
            self._heard_at[event.mac] = self._clock()
        else:
            self._heard_at.pop(event.mac, None)

    async def serve(self) -> None:
        """Answer until cancelled."""
        frames = self._frames
        if frames is None:
            raise ProvisionerBug("RouterAbsence.serve before bind")
        while True:
            try:
                await self._answer_one(frames)
            except OSError:  # an interface that is set down says so once; it may come up again
                await asyncio.sleep(_AFTER_A_FAILURE)
            except Exception as fault:  # a bug costs one answer
                self._faults.tell(fault)
            await asyncio.sleep(0)  # what is there already is received without a turn of the others

    def close(self) -> None:
        """Close the socket; harmless when not bound."""
        if self._frames is not None:
            self._frames.close()
            self._frames = None

    async def _answer_one(self, frames: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        asked = solicitation(await loop.sock_recv(frames, _LARGEST_FRAME))
        if asked is not None and self._is_in_ipxe(asked.mac):
            await loop.sock_sendall(frames, no_router(asked, interface_mac(frames)))
            self._on_event(RouterAbsenceTold(asked.mac))

    def _is_in_ipxe(self, mac: str) -> bool:
        heard_at = self._heard_at.get(mac)
        return heard_at is not None and self._clock() - heard_at < _IN_IPXE_FOR
