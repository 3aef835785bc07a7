"""One broadcast domain as this server serves it: everything a decision needs besides message and
leases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from uuid import UUID

from provisioner.protocol.dhcp.architecture import SHIPPED
from provisioner.protocol.dhcp.message import Options

_NO_RESERVATIONS: Mapping[str, Reservation] = {}


@dataclass(frozen=True, slots=True)
class Pool:
    """Addresses leased to clients without a reservation; both ends are in it. `numbers` are the same,
    as numbers."""

    first: IPv4Address
    last: IPv4Address
    numbers: range = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", range(int(self.first), int(self.last) + 1))

    def __contains__(self, address: IPv4Address) -> bool:
        return int(address) in self.numbers

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is declared of one MAC. Without `address` the machine is known, and gets one of the
    pool.

    `hostname` goes out as option 12, when there is one.
    """

    address: IPv4Address | None = None
    hostname: str | None = None


@dataclass(frozen=True, slots=True)
class Identities:
    """Reservations by client identifier, by system UUID, and by switch port (circuit, and remote id or
    any); computed: all of them by the number of their address, nameless."""

    by_client_id: Mapping[bytes, Reservation]
    by_uuid: Mapping[UUID, Reservation]
    by_port: Mapping[tuple[bytes, bytes | None], Reservation]
    by_number: Mapping[int, Reservation] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of_all = (*self.by_client_id.values(), *self.by_uuid.values(), *self.by_port.values())
        addresses = {one.address for one in of_all if one.address is not None}
        by_number = {int(address): Reservation(address) for address in addresses}
        object.__setattr__(self, "by_number", by_number)


@dataclass(frozen=True, slots=True)
class NetbootAnswer:
    """What a client that boots over the network is pointed at.

    `base_url` is the HTTP server machines reach, without a last slash (`http://10.7.0.1`).
    `programs` are the boot programs that are there: by TFTP under their names, by HTTP in the folder
    `program_path`. An iPXE client always gets its script, whose text depends on the machine's state: an
    installed machine's script says "boot from disk". `spared` are the MACs of hosts that are declared to
    boot nothing from here.
    """

    base_url: str
    script_path: str = "/boot.ipxe"
    program_path: str = "/ipxe/"
    programs: frozenset[str] = SHIPPED
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """`reservations` are by MAC in the project's spelling, `identities` by anything else that a client
    is known by; an address in one is never leased to another.

    `lease_time` in seconds. `dns` empty means this server's own address. `netboot` None: nobody
    is given a boot file. `foreign_servers`: other DHCP servers known to answer here (their server
    ids); while there is one, a client that isn't declared is offered nothing, and nobody is
    refused. `withholds`: nobody is given an address, a declared machine neither, because another
    server was here first or may have been; running leases go on. `answers_everyone`: also clients
    that are neither declared nor boot over the network. `authoritative`: no other server is meant to
    be here, so that clients of which nothing is on record may be refused too. `excluded` are
    addresses, as numbers, that the pool goes without; `options` are given to whom asks for them.
    `relays`: those by which alone its clients are heard; empty where this server is in the subnet.

    Computed: `numbers` of the subnet's addresses; of them `never_leased` to a client of the pool;
    `written`, a memo of options that depend on the link and on what the client asks for.
    """

    interface: str
    address: IPv4Address
    subnet: IPv4Network
    pool: Pool | None = None
    lease_time: int = 3600
    gateway: IPv4Address | None = None
    dns: tuple[IPv4Address, ...] = ()
    ntp: tuple[IPv4Address, ...] = ()
    mtu: int | None = None
    domain: str | None = None
    netboot: NetbootAnswer | None = None
    reservations: Mapping[str, Reservation] = field(default_factory=lambda: _NO_RESERVATIONS)
    identities: Identities | None = None
    foreign_servers: frozenset[IPv4Address] = frozenset()
    withholds: bool = False
    answers_everyone: bool = False
    authoritative: bool = False
    excluded: frozenset[int] = frozenset()
    options: Options = ()
    relays: frozenset[IPv4Address] = frozenset()
    numbers: range = field(init=False, repr=False, compare=False)
    never_leased: frozenset[int] = field(init=False, repr=False, compare=False)
    written: dict[object, Options] = field(
        init=False, repr=False, compare=False, default_factory=dict[object, Options]
    )

    def __post_init__(self) -> None:
        first, last = int(self.subnet.network_address), int(self.subnet.broadcast_address)
        reserved = (reservation.address for reservation in self.reservations.values())
        never = {first, last, int(self.address), *self.excluded}
        never.update(int(address) for address in reserved if address is not None)
        if self.identities is not None:
            never.update(self.identities.by_number)
        object.__setattr__(self, "numbers", range(first, last + 1))
        object.__setattr__(self, "never_leased", frozenset(never))
