"""The names that follow the leases: those of declared hosts without a declared address."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from typing_extensions import override

from provisioner.protocol.dns.zone import LeasedNames
from provisioner.serve.memory import Memory


class LeasesOfHosts(LeasedNames):
    """Of the hosts that are declared when it is made. Nothing is gathered or kept: a lease counts
    from the moment it is committed, and one that has run out no more. `clock` gives
    epoch seconds."""

    def __init__(self, memory: Memory, clock: Callable[[], float]) -> None:
        self._memory = memory
        self._clock = clock
        self._hosts = {
            host.name.lower(): host for host in memory.desired.hosts if host.address is None
        }

    @override
    def address_of(self, host: str) -> IPv4Address | None:
        declared = self._hosts.get(host)
        machine = None if declared is None else self._memory.machine_of_host(declared)
        return None if machine is None else self._memory.address_of(machine, self._clock())

    @override
    def host_at(self, address: IPv4Address) -> str | None:
        """Only the address that the host's name leads to: a machine can have leased several."""
        mac = self._memory.mac_at(address, self._clock())
        name = None if mac is None else self._memory.host_name_of_mac(mac)
        if name is None or self.address_of(name.lower()) != address:
            return None
        return name.lower()
