"""Who has which address, as the admin API shows it: leases on record, disputed addresses, and the
declared ones that nobody has asked for yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from inventory.host import Host
from inventory.mac import normal_mac
from inventory.network import Network
from provisioner.protocol.dhcp.lease import Lease, LeaseTable
from provisioner.serve.memory import Memory


class LeaseState(StrEnum):
    """LEASED: its client may use the address. EXPIRED: its client may no more (its time was up, or it
    was given back), and gets it again unless another needs it. DECLINED: a client found somebody
    else there. RESERVED: declared of a host that has not asked yet. OCCUPIED: somebody without a
    lease answers there."""

    LEASED = "leased"
    EXPIRED = "expired"
    DECLINED = "declined"
    RESERVED = "reserved"
    OCCUPIED = "occupied"


@dataclass(frozen=True, slots=True)
class LeaseView:
    """`expires` in epoch seconds, of a declined address when it is free again, of a reserved one 0;
    `mac` is empty where nobody's is known; `running` says whether the state is LEASED."""

    network: str
    mac: str
    address: str
    expires: float
    running: bool
    state: LeaseState
    host: str | None


def lease_views(memory: Memory, now: float) -> list[LeaseView]:
    """All of the declared networks, each in the order of its addresses."""
    site = memory.desired.site
    if site is None:
        return []
    return [
        view
        for network in site.networks
        for _, view in sorted(_views(memory, network, now).items())
    ]


def _views(memory: Memory, network: Network, now: float) -> dict[IPv4Address, LeaseView]:
    """The later wins: a record over a declaration, a dispute over both."""
    table = memory.leases_of(network.name)
    return {
        **dict(_reserved(memory, network)),
        **{lease.address: _of_lease(memory, network, lease, now) for lease in table.leases()},
        **dict(_declined(network, table, now)),
        **dict(_occupied(network, table)),
    }


def _occupied(network: Network, table: LeaseTable) -> Iterator[tuple[IPv4Address, LeaseView]]:
    for number, mac in table.occupied():
        address = IPv4Address(number)
        state = LeaseState.OCCUPIED
        yield address, LeaseView(network.name, mac, str(address), 0.0, False, state, None)


def _reserved(memory: Memory, network: Network) -> Iterator[tuple[IPv4Address, LeaseView]]:
    for host in memory.desired.hosts:
        address = None if host.address is None else IPv4Address(host.address)
        if address is not None and address in network.ip_network:
            mac = _mac_of(memory, host)
            view = LeaseView(
                network.name, mac, str(address), 0.0, False, LeaseState.RESERVED, host.name
            )
            yield address, view


def _mac_of(memory: Memory, host: Host) -> str:
    if host.boot_nic is not None:
        return normal_mac(host.boot_nic.mac)
    machine = memory.machine_of_host(host)
    return "" if machine is None else machine.mac


def _of_lease(memory: Memory, network: Network, lease: Lease, now: float) -> LeaseView:
    running = lease.expires > now
    return LeaseView(
        network=network.name,
        mac=lease.mac,
        address=str(lease.address),
        expires=lease.expires,
        running=running,
        state=LeaseState.LEASED if running else LeaseState.EXPIRED,
        host=memory.host_name_of_mac(lease.mac),
    )


def _declined(
    network: Network, table: LeaseTable, now: float
) -> Iterator[tuple[IPv4Address, LeaseView]]:
    for address, until in table.declined():
        if until > now:
            yield (
                address,
                LeaseView(network.name, "", str(address), until, False, LeaseState.DECLINED, None),
            )
