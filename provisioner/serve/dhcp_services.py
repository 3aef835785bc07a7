"""What answers DHCP on one network: a server that knows which of its addresses are in use, or ProxyDHCP
beside the site's own server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from inventory.network import Dhcp, Network
from provisioner.protocol.dhcp.event import DhcpEvent
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link
from provisioner.serve.arp_prober import ArpProber
from provisioner.serve.dhcp_server import DhcpServer
from provisioner.serve.lease_pipeline import LeaseStore
from provisioner.serve.proxy_dhcp import ProxyDhcpServer
from provisioner.serve.relayed_networks import RelayedNetwork

DhcpService: TypeAlias = DhcpServer | ProxyDhcpServer | ArpProber


def dhcp_services(
    network: Network,
    *,
    link: Callable[[], Link],
    leases: LeaseTable,
    store: LeaseStore,
    clock: Callable[[], float],
    on_event: Callable[[DhcpEvent], None],
    behind: Callable[[], Sequence[RelayedNetwork]],
) -> Sequence[DhcpService]:
    """By the network's declaration."""
    interface, address = network.interface, network.ip_address
    if network.dhcp is Dhcp.PROXY:
        proxy = ProxyDhcpServer(
            interface=interface, address=address, link=link, clock=clock, on_event=on_event
        )
        return (proxy,)
    server = DhcpServer(
        interface=interface,
        address=address,
        link=link,
        leases=leases,
        store=store,
        clock=clock,
        on_event=on_event,
        behind=behind,
    )
    prober = ArpProber(
        interface=interface, link=link, leases=leases, clock=clock, on_event=on_event
    )
    return server, prober
