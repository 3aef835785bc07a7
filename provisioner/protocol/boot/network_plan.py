"""What one declared network looks like to the DHCP and DNS servers, out of what is desired and known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from uuid import UUID

from inventory.contribution import DnsRecord
from inventory.host import Host, RelayPort
from inventory.mac import normal_mac
from inventory.network import Clients, Network
from inventory.site import Site
from inventory.text import ipv4_address, written_bytes
from provisioner.protocol.boot.desired import Desired, problem_of_record
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.dhcp.architecture import SHIPPED
from provisioner.protocol.dhcp.declared_options import declared_options, excluded_numbers
from provisioner.protocol.dhcp.link import Identities, Link, NetbootAnswer, Pool, Reservation
from provisioner.protocol.dns.name_service import NameService
from provisioner.protocol.dns.zone import LeasedNames, Zones


@dataclass(frozen=True, slots=True)
class DeclaredClients:
    """What of a network's reservations follows from the declaration alone; `hosts` by name."""

    reservations: Mapping[str, Reservation]
    identities: Identities | None
    hosts: Mapping[str, Host]
    spared: frozenset[str]


def declared_clients(network: Network, site: Site) -> DeclaredClients:
    """To be kept for as long as both are the same: it costs more than everything else of a link."""
    reserved: dict[str, Reservation] = {}
    for host in site.hosts:
        for at, nic in enumerate(host.nics):
            here = at == 0 and site.network_of(host) == network
            reserved[normal_mac(nic.mac)] = _own(host) if here else Reservation()
    hosts = {host.name: host for host in site.hosts}
    spared = frozenset(
        normal_mac(nic.mac) for host in site.hosts for nic in host.nics if not host.netboot
    )
    return DeclaredClients(reserved, _identities(network, site), hosts, spared)


def link_of(
    network: Network,
    site: Site,
    machines: Iterable[Machine],
    foreign_servers: frozenset[IPv4Address],
    base_url: str,
    *,
    declared: DeclaredClients | None = None,
    withholds: bool = False,
    programs: frozenset[str] = SHIPPED,
) -> Link:
    """The network as the DHCP server serves it; `programs` are the boot programs that are there,
    `declared` what `declared_clients` makes of network and site."""
    declared = declared or declared_clients(network, site)
    return Link(
        interface=network.interface,
        address=network.ip_address,
        subnet=network.ip_network,
        pool=None if network.pool is None else Pool(*map(IPv4Address, network.pool)),
        lease_time=network.lease_time,
        gateway=None if network.gateway is None else IPv4Address(network.gateway),
        dns=tuple(map(IPv4Address, network.dns)),
        ntp=tuple(map(IPv4Address, network.ntp)),
        mtu=network.mtu,
        domain=site.domain,
        netboot=NetbootAnswer(base_url, programs=programs, spared=declared.spared),
        reservations=_reservations(network, declared, machines),
        identities=declared.identities,
        foreign_servers=foreign_servers,
        withholds=withholds,
        answers_everyone=network.clients is Clients.ANY,
        authoritative=network.authoritative,
        excluded=excluded_numbers(network),
        options=declared_options(network),
        relays=frozenset(map(IPv4Address, network.relays)),
    )


def _reservations(
    network: Network, declared: DeclaredClients, machines: Iterable[Machine]
) -> dict[str, Reservation]:
    """By MAC. Declared cards first; then, of assigned machines, those that nobody declared."""
    reserved = dict(declared.reservations)
    for machine in machines:
        known_as = None if machine.host is None else declared.hosts.get(machine.host)
        if known_as is None:
            continue
        for mac in machine.macs:
            boots = mac == machine.mac and known_as.boot_nic is None
            reserved.setdefault(mac, _own(known_as, network) if boots else Reservation())
    return reserved


def _identities(network: Network, site: Site) -> Identities | None:
    """Of hosts that have an address here, by whatever but their MAC; None where there are none."""
    by_client_id: dict[bytes, Reservation] = {}
    by_uuid: dict[UUID, Reservation] = {}
    by_port: dict[tuple[bytes, bytes | None], Reservation] = {}
    here = (host for host in site.hosts if site.network_of(host) in (network, None))
    for host in here:
        own = _own(host, network)
        if own.address is None:
            continue
        if host.client_id is not None:
            by_client_id[written_bytes(host.client_id)] = own
        if host.system_uuid is not None:
            by_uuid[UUID(host.system_uuid)] = own
        if host.relay_port is not None:
            by_port[_port(host.relay_port)] = Reservation(own.address)
    known = bool(by_client_id or by_uuid or by_port)
    return Identities(by_client_id, by_uuid, by_port) if known else None


def _port(port: RelayPort) -> tuple[bytes, bytes | None]:
    remote = None if port.remote_id is None else written_bytes(port.remote_id)
    return written_bytes(port.circuit_id), remote


def _own(host: Host, network: Network | None = None) -> Reservation:
    """The host's address and name; without the address where that is of another network."""
    address = None if host.address is None else IPv4Address(host.address)
    if address is not None and network is not None and address not in network.ip_network:
        address = None
    return Reservation(address, host.name)


def name_service_of(desired: Desired, leased: LeasedNames) -> NameService:
    """What the DNS servers of all networks go by: any of them answers the clients of every network."""
    site = desired.site
    forwarders = () if site is None else map(ipv4_address, site.forwarders)
    return NameService(
        zones=zones_of(desired),
        clients=() if site is None else tuple(network.ip_network for network in site.networks),
        forwarders=tuple(one for one in forwarders if one is not None),
        leased=leased,
    )


def zones_of(desired: Desired, server_name: str = "ns") -> Zones:
    """What the DNS server answers for. Machines that nobody declared have no names: what a client calls
    itself is no reason that others should find it under that name."""
    site = desired.site
    if site is None:
        return Zones.of(domains=(), records=(), subnets=(), server_name=server_name)
    under = f".{site.domain}" if site.domain else ""
    own = f"{server_name}{under}"
    sound = (record for record in desired.records if not problem_of_record(record))
    records = [*_host_records(desired, under), *sound]
    if under and own not in {record.name for record in records}:
        records += [DnsRecord(own, network.address) for network in site.networks]
    return Zones.of(
        domains=(site.domain,) if site.domain else (),
        records=records,
        subnets=tuple(network.ip_network for network in site.networks),
        server_name=own,
        hosts=tuple(host.name.lower() for host in desired.hosts if host.address is None),
    )


def _host_records(desired: Desired, under: str) -> Iterator[DnsRecord]:
    for host in desired.hosts:
        if host.address is not None:
            yield DnsRecord(f"{host.name}{under}".lower(), host.address)
