"""Wake-on-LAN: the magic packet, and a power adapter that can only switch on.

The packet is six bytes of FF and sixteen times the MAC address, to anywhere the card hears it; by
custom a UDP broadcast to port 9 (AMD, Magic Packet Technology, publication 20213).
"""

from __future__ import annotations

import asyncio
import socket
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
from harmony.infra.errors import PowerRefusedError
from inventory.host import Host
from inventory.mac import normal_mac

DISCARD_PORT = 9
REPEAT_SECONDS = 30.0


def magic_packet(mac: str) -> bytes:
    """The packet that wakes the card `mac`; ValueError if that is no MAC address."""
    return b"\xff" * 6 + bytes.fromhex(normal_mac(mac).replace(":", "")) * 16


class WakeOnLanPower(PowerControl):
    """Sends the packet out of the jump host's `address`, again every half minute until the machine
    is heard; whether it is on can only be told from that."""

    def __init__(self, address: IPv4Address, machines: InstalledMachines) -> None:
        self._address = address
        self._machines = machines
        self._sent: dict[str, float] = {}

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        """Raises PowerRefusedError for OFF: a magic packet can't."""
        host = spec.host
        if spec.state is PowerState.OFF:
            raise PowerRefusedError(
                f"{host.name} is powered by Wake-on-LAN, which can't switch off"
            )
        if await self._heard(host) or not self._due(host.name):
            return Change(False, f"{host.name} woken")
        for nic in host.nics[:1]:
            _broadcast(self._address, magic_packet(nic.mac))
        return Change(True, f"magic packet sent to {host.name}")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        name = query.host.name
        if await self._heard(query.host):
            return PowerCondition(name, PowerState.ON)
        return PowerCondition(name, PowerState.UNKNOWN, f"{name} to wake up (magic packet sent)")

    def _due(self, name: str) -> bool:
        now = asyncio.get_running_loop().time()
        due = now - self._sent.get(name, -REPEAT_SECONDS) >= REPEAT_SECONDS
        if due:
            self._sent[name] = now
        return due

    async def _heard(self, host: Host) -> bool:
        found = await self._machines.observe_machines(MachineQuery((host.name,)))
        return any(one.state is not None for one in found)


def _broadcast(source: IPv4Address, packet: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sender.bind((str(source), 0))
        sender.sendto(packet, ("255.255.255.255", DISCARD_PORT))
