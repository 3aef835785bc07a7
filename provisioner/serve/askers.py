"""Who asks over HTTP: the machine whose lease the source address is."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.network import Network
from provisioner.ports import Event
from provisioner.protocol.boot.machine import Machine
from provisioner.serve.errors import NotAllowed
from provisioner.serve.http_message import Request
from provisioner.serve.ledger import Ledger
from provisioner.serve.occupants import Occupants
from provisioner.serve.script_desk import base_url


@dataclass(frozen=True, slots=True)
class Asker:
    """The MAC whose lease the source address is, and where it reaches us."""

    mac: str
    url: str


class Askers:
    """Those that come in by one interface: of its network, unless `occupants` tells of more."""

    def __init__(
        self, network: Network, ledger: Ledger, occupants: Occupants | None = None
    ) -> None:
        self._network = network
        self._ledger = ledger
        self._memory = ledger.memory
        self._occupants = occupants or ledger.memory.leases_of(network.name)

    def of(self, request: Request) -> Asker:
        """Also by a lease that has just expired: the address is nobody else's yet. Raises
        NotAllowed."""
        site = self._memory.desired.site
        lease = self._occupants.holder(request.peer)
        if site is None or lease is None:
            raise NotAllowed(f"no machine has a lease of {request.peer}")
        self._memory.hear(lease.mac, self._ledger.now())
        return Asker(lease.mac, base_url(self._network, site))

    def require_running_lease(self, request: Request) -> None:
        """Raises NotAllowed."""
        if self._occupants.owner(request.peer, self._ledger.now()) is None:
            raise NotAllowed(f"the lease of {request.peer} has expired")

    def may_boot(self, address: IPv4Address) -> bool:
        """Whether whoever has the address is served anything to boot."""
        lease = self._occupants.holder(address)
        return lease is None or self._memory.boots_from_here(lease.mac)

    def machine_at(self, address: IPv4Address) -> Machine | None:
        """The machine that has, or had last, the address."""
        lease = self._occupants.holder(address)
        return None if lease is None else self._memory.machine_of(lease.mac)

    def known(self, asker: Asker) -> Machine:
        """Raises NotAllowed."""
        machine = self._memory.machine_of(asker.mac)
        if machine is None:
            raise NotAllowed(f"no machine is known by the MAC {asker.mac}")
        return machine

    def agents_machine(self, asker: Asker, request: Request) -> Machine:
        """The machine, by its token too. Raises NotAllowed."""
        machine = self.known(asker)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not same_token(token.strip(), machine.token):
            raise NotAllowed("that is not this machine's token")
        return machine

    def log(self, kind: str, machine: Machine, **detail: str) -> None:
        """What the machine was given; nobody waits for it to be stored."""
        host = machine.host or self._memory.host_name_of_mac(machine.mac)
        self._ledger.log(Event(self._ledger.now(), kind, machine.mac, host, dict(detail)))


def same_token(given: str, expected: str) -> bool:
    """In constant time, so that a token can't be guessed by the clock."""
    return hmac.compare_digest(given.encode(), expected.encode())
