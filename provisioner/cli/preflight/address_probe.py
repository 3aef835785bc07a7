"""Asks by ARP who has an address (RFC 5227, 2.1.1), and whether it is this computer itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.modules.preflight.addresses import Holders
from provisioner.protocol.arp.packet import probe, read
from provisioner.serve.links import Interface
from provisioner.serve.raw_frame import ARP, interface_mac, open_frame_socket

_ASKED_AT = (0.0, 0.5, 1.0)
_HEARD_UNTIL = 2.0
_LARGEST_FRAME = 2048


@dataclass(frozen=True, slots=True)
class AddressProbe:
    """`own` are this computer's interfaces."""

    own: Sequence[Interface]

    async def who_has(self, address: IPv4Address, interface: str) -> Holders:
        """All who answer within two seconds. Raises SocketNotBound or InterfaceMissing."""
        at = next((one.name for one in self.own if address in one.addresses), "")
        frames = open_frame_socket(interface, ARP)
        try:
            return Holders(address, await _answers(frames, int(address)), at)
        finally:
            frames.close()


async def _answers(frames: socket.socket, number: int) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    own, begun, found = interface_mac(frames), loop.time(), set[str]()
    question = probe(own, number)
    for until in (*_ASKED_AT[1:], _HEARD_UNTIL):
        await loop.sock_sendall(frames, question)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(begun + until):
                while True:
                    spoken = read(await loop.sock_recv(frames, _LARGEST_FRAME))
                    if spoken is not None and spoken.number == number:
                        found.add(spoken.mac)
                    await asyncio.sleep(0)  # frames that are there already come without a turn
    return tuple(sorted(found - {own.hex(":")}))
