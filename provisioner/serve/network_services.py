"""Everything that serves machines on one network: DHCP, TFTP, HTTP and DNS, on its interface only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from inventory.errors import OperatorError
from inventory.network import Dhcp, Network
from inventory.site import Site
from provisioner.ports import Event, Store
from provisioner.protocol.boot.network_plan import name_service_of
from provisioner.protocol.dns.name_service import NameService
from provisioner.serve import links
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.ca_offer import CaOffer
from provisioner.serve.dhcp_services import DhcpService, dhcp_services
from provisioner.serve.dns_server import DnsServer
from provisioner.serve.foreign_dhcp import ForeignServer, Probing
from provisioner.serve.http_server import HttpServer
from provisioner.serve.lease_store import NetworkLeaseStore
from provisioner.serve.leased_names import LeasesOfHosts
from provisioner.serve.ledger import Ledger
from provisioner.serve.machine_api import MachineApi
from provisioner.serve.machines import Machines
from provisioner.serve.neighbours import OccupantsByNeighbour
from provisioner.serve.network_link import NetworkLink
from provisioner.serve.networks_behind import NetworksBehind
from provisioner.serve.occupants import Occupants, OccupantsByLease
from provisioner.serve.other_servers import OtherServers
from provisioner.serve.script_desk import ScriptDesk
from provisioner.serve.site_tls import SiteTls
from provisioner.serve.tftp_server import TftpServer
from provisioner.serve.wire_events import WireEvent, WireEvents

BOOT_PROGRAMS = ("undionly.kpxe", "snponly.efi")
"""What is shipped, and missed where it isn't there."""
_LOOKED_EVERY = 1.0
"""Seconds."""


class _MadeAnew(Exception):
    """The interface is another one of the same name: the way out of the task group."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the services of every network share."""

    ledger: Ledger
    machines: Machines
    scripts: ScriptDesk
    store: Store
    events: WireEvents
    boot_programs: Path
    tls: SiteTls
    clock: Callable[[], float]
    probing: Probing


class NetworkServices:
    """Of a network that another server gives the addresses of, machines are known by their neighbours'
    table; of any other by their leases."""

    def __init__(self, network: Network, site: Site, rooms: Rooms) -> None:
        self.network = network
        self._others = OtherServers(network, rooms.probing, self._note)
        self._in_the_way = ""  # of binding an interface that was made anew
        self._bound_to = 0
        self._rooms = rooms
        self._memory = rooms.ledger.memory
        self._site = site
        self._leases = self._memory.leases_of(network.name)
        self._programs = BootProgramFolder(rooms.boot_programs)
        self._link = NetworkLink(network, site, self._memory, self._programs, self._others.presence)
        self._behind = NetworksBehind(self._memory, rooms.store, self._programs, rooms.clock)
        self._behind.follow(network, site)
        self._occupants = self._occupants_of(network)
        self._names: tuple[object, NameService] | None = None
        self._tftp = TftpServer(
            interface=network.interface,
            address=network.ip_address,
            open_file=self._by_tftp,
            on_event=self._note,
            single_port=lambda: self.network.tftp_single_port,
        )
        self._dns = DnsServer(
            interface=network.interface,
            address=network.ip_address,
            service=self._current_names,
            on_event=self._note,
        )
        self._api = MachineApi(
            network,
            rooms.ledger,
            rooms.machines,
            rooms.scripts,
            rooms.boot_programs,
            self._note,
            self._occupants,
        )
        offer = CaOffer(rooms.tls.ca, self._api.answer)
        by_http = [
            HttpServer(
                interface=network.interface,
                address=network.ip_address,
                port=port,
                answer=offer.answer,
                clock=rooms.clock,
                on_event=self._note,
                tls=tls,
            )
            for port, tls in ((site.http_port, None), (site.https_port, rooms.tls.context))
            if port is not None
        ]
        self._servers: list[DhcpService | TftpServer | HttpServer | DnsServer] = [
            *self._dhcp_services(),
            self._tftp,
            *by_http,
            self._dns,
        ]

    def _occupants_of(self, network: Network) -> Occupants:
        if network.dhcp is Dhcp.PROXY:
            return OccupantsByNeighbour(network.interface)
        return OccupantsByLease(lambda: (self._leases, *self._behind.tables()))

    def _dhcp_services(self) -> Sequence[DhcpService]:
        return dhcp_services(
            self.network,
            link=self._link.current,
            leases=self._leases,
            store=NetworkLeaseStore(self.network.name, self._rooms.store),
            clock=self._rooms.clock,
            on_event=self._note,
            behind=self._behind.current,
        )

    @property
    def key(self) -> tuple[str, str, str, Dhcp, int, int | None]:
        """What its sockets are bound by."""
        return bound_by(self.network, self._site)

    @property
    def withheld(self) -> str:
        """Why no address is handed out; empty while they are."""
        if self._in_the_way:
            return f"its interface was made anew and can't be bound: {self._in_the_way}"
        return self._others.withheld

    def served(self) -> Iterator[tuple[Network, str]]:
        """It and the networks behind it, each with why no address is handed out there, if none is."""
        yield self.network, self.withheld
        yield from ((network, "") for network in self._behind.networks())

    @property
    def foreign_servers(self) -> frozenset[ForeignServer]:
        return self._others.known

    async def require_interface(self) -> None:
        """Raises an OperatorError of one line unless the interface is up with the address. In a
        thread: pyroute2 runs an event loop of its own."""
        network = self.network
        await asyncio.to_thread(links.require_address, network.interface, network.ip_address)

    def bind(self) -> None:
        """Open all sockets or none. Raises an OperatorError of one line."""
        try:
            for server in self._servers:
                server.bind()
            self._bound_to = _index_of(self.network.interface)
        except BaseException:
            self.close()
            raise

    async def require_alone(self) -> None:
        """Raises ForeignDhcpServerPresent if another DHCP server answers where none is to be."""
        await self._others.require_none()

    def follow(self, network: Network, site: Site) -> None:
        """Go on with what is declared of the network now; its sockets stay as they are."""
        self.network, self._site = network, site
        self._names = None
        self._link.follow(network, site)
        self._behind.follow(network, site)

    async def serve(self) -> None:
        """Answer until cancelled; the sockets are closed then. An interface that was made anew (a
        bridge restarted, an adapter plugged in again) is bound anew: sockets keep to the old one."""
        try:
            while True:
                await self._serve_until_made_anew()
                self.close()
                self._others.begin_anew()
                await self._bind_anew()
        finally:
            self.close()

    async def _bind_anew(self) -> None:
        """As soon as it can be. Until then the log and the status say what is in the way, and the other
        networks are served."""
        while True:
            try:
                await self.require_interface()
                self.bind()
            except OperatorError as error:
                if str(error) != self._in_the_way:
                    self._in_the_way = str(error)
                    self._log("InterfaceNotBound", problem=self._in_the_way)
                await asyncio.sleep(_LOOKED_EVERY)
            else:
                self._in_the_way = ""
                self._log("InterfaceBoundAnew")
                return

    def _log(self, kind: str, **detail: str) -> None:
        told = {"interface": self.network.interface, **detail}
        self._rooms.ledger.log(Event(self._rooms.clock(), kind, detail=dict(told)))

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        for server in self._servers:
            server.close()

    async def _serve_until_made_anew(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                for server in self._servers:
                    tasks.create_task(server.serve())
                tasks.create_task(self._others.watch())
                while not await self._is_made_anew():  # noqa: ASYNC110 - the kernel's own time
                    await asyncio.sleep(_LOOKED_EVERY)
                raise _MadeAnew
        except* _MadeAnew:
            pass

    async def _is_made_anew(self) -> bool:
        """Not while it is away, nor before it has its address again."""
        if _index_of(self.network.interface) in (0, self._bound_to):
            return False
        try:
            await self.require_interface()
        except OperatorError:
            return False
        return True

    def _note(self, event: WireEvent) -> None:
        self._rooms.events.note(event, self._occupants)

    def _current_names(self) -> NameService:
        """Made anew with the declaration only: what leases change is looked up by each query."""
        desired = self._memory.desired
        if self._names is None or self._names[0] is not desired:
            leased = LeasesOfHosts(self._memory, self._rooms.clock)
            self._names = desired, name_service_of(desired, leased)
        return self._names[1]

    def _by_tftp(self, path: str, peer: IPv4Address) -> bytes | Path | None:
        if path == "boot.ipxe":
            return self._api.script_by_tftp(peer, self.network.ip_address)
        lease = self._occupants.holder(peer)
        if lease is not None and not self._memory.boots_from_here(lease.mac):
            return None
        return self._programs.path_of(path)


def _index_of(interface: str) -> int:
    """The kernel's number of the interface, never used twice; 0 while there is none."""
    try:
        return socket.if_nametoindex(interface)
    except OSError:
        return 0


def bound_by(network: Network, site: Site) -> tuple[str, str, str, Dhcp, int, int | None]:
    """What the network's sockets are bound by: a change of it means other sockets."""
    ports = site.http_port, site.https_port
    return network.name, network.interface, network.address, network.dhcp, *ports
