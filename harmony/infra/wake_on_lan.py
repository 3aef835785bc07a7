"""Wake-on-LAN: the magic packet, and a power adapter that can only switch on.

The packet is six bytes of FF and sixteen times the MAC address, to anywhere the card hears it; by
custom a UDP broadcast to port 9 (AMD, Magic Packet Technology, publication 20213).
"""

from __future__ import annotations

import asyncio
import math
import socket
from collections.abc import Callable
from ipaddress import IPv4Address

from typing_extensions import override

from harmony.domain.capability.installed_machines import InstalledMachines, MachineQuery
from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change
from harmony.infra.errors import PowerRefusedError, ServiceUnreachableError
from inventory.host import Host
from inventory.mac import normal_mac

DISCARD_PORT = 9
REPEAT_SECONDS = 30.0


def magic_packet(mac: str) -> bytes:
    """The packet that wakes the card `mac`; ValueError if that is no MAC address."""
    return b"\xff" * 6 + bytes.fromhex(normal_mac(mac).replace(":", "")) * 16


class WakeOnLanPower(PowerControl):
    """Sends the packet out of the jump host's address that `address_of` gives for a host, again
    every half minute until the machine is heard; whether it is on can only be told from that, and one
    that falls silent is woken again.

    Machines are woken one after the other, `seconds_between_starts` apart.
    """

    def __init__(
        self,
        address_of: Callable[[Host], IPv4Address],
        machines: InstalledMachines,
        seconds_between_starts: float,
    ) -> None:
        self._address_of = address_of
        self._machines = machines
        self._pause = seconds_between_starts
        self._next_start = 0.0
        self._sent: dict[str, float] = {}

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        """Raises PowerRefusedError for OFF, as a magic packet can't, and for a host without a
        NIC to wake; ServiceUnreachableError if the packet can't be sent."""
        host = spec.host
        if spec.state is PowerState.OFF:
            raise PowerRefusedError(
                f"{host.name} is powered by Wake-on-LAN, which can't switch off"
            )
        if host.boot_nic is None:
            raise PowerRefusedError(f"{host.name} declares no NIC that Wake-on-LAN could wake")
        if await self._heard(host) or not self._due(host.name):
            return Change(False, f"{host.name} woken")
        try:
            _broadcast(self._address_of(host), magic_packet(host.boot_nic.mac))
        except OSError as error:
            raise ServiceUnreachableError(
                f"the magic packet for {host.name} can't be sent: {error.strerror}"
            ) from error
        return Change(True, f"magic packet sent to {host.name}")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        name = query.host.name
        if await self._heard(query.host):
            return PowerCondition(name, PowerState.ON)
        sent = "magic packet sent" if name in self._sent else "its turn comes"
        return PowerCondition(name, PowerState.UNKNOWN, f"{name} to wake up ({sent})")

    def _due(self, name: str) -> bool:
        now = asyncio.get_running_loop().time()
        again = self._sent.get(name, -math.inf) + REPEAT_SECONDS
        due = now >= again and (name in self._sent or now >= self._next_start)
        if due:
            self._next_start = max(self._next_start, now + self._pause)
            self._sent[name] = now
        return due

    async def _heard(self, host: Host) -> bool:
        found = await self._machines.observe_machines(MachineQuery((host.name,)))
        return any(one.state is not None and not one.silent for one in found)


def _broadcast(source: IPv4Address, packet: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.bind((str(source), 0))
        sender.sendto(packet, ("255.255.255.255", DISCARD_PORT))
