"""Which addresses are asked after, and on which network."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.preflight.check import Check, CheckKind
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.finding import Finding, failure, not_applicable
from harmony.modules.preflight import catalogue
from harmony.modules.preflight.addresses import Holders, judge_host, judge_vip
from inventory.mac import normal_mac
from inventory.network import Network
from inventory.site import Site

WhoHas = Callable[[IPv4Address, str], Awaitable[Holders]]
"""Of an address, on an interface of the jump host."""


@dataclass(frozen=True, slots=True)
class AddressChecks:
    site: Site
    who_has: WhoHas

    def of_cluster(self, entrance: ClusterEntrance) -> Iterator[Check]:
        yield self._vip(catalogue.API_VIP, entrance.api, entrance.balancer)
        if entrance.ingress not in (None, entrance.api):
            yield self._vip(catalogue.INGRESS_VIP, entrance.ingress, entrance.balancer)

    def of_hosts(self) -> Iterator[Check]:
        for host in self.site.hosts:
            if host.address is not None and host.nics:
                yield self._host(
                    host.name, IPv4Address(host.address), [normal_mac(nic.mac) for nic in host.nics]
                )

    def _vip(self, kind: CheckKind, address: IPv4Address, balancer: Balancer) -> Check:
        async def look() -> Finding:
            network = self._network_of(address)
            owner = next((one.name for one in self.site.hosts if one.address == str(address)), "")
            if owner:
                return not_applicable(f"it is the address of {owner}")
            if network is None:
                return self._in_no_network(address, balancer)
            if _is_leased(network, address):
                return _in_the_pool(network, address)
            if network.is_relayed:
                return not_applicable(f"the jump host is not in network {network.name!r}")
            return judge_vip(
                await self.who_has(address, network.interface), balancer, self._owners()
            )

        return Check(kind, str(address), look)

    def _host(self, name: str, address: IPv4Address, macs: list[str]) -> Check:
        async def look() -> Finding:
            network = self._network_of(address)
            if network is None or network.is_relayed:
                return not_applicable(f"the jump host is not in the network of {address}")
            return judge_host(await self.who_has(address, network.interface), name, macs)

        return Check(catalogue.HOST_ADDRESS, name, look)

    def _network_of(self, address: IPv4Address) -> Network | None:
        return next((one for one in self.site.networks if address in one.ip_network), None)

    def _owners(self) -> dict[str, str]:
        return {normal_mac(nic.mac): host.name for host in self.site.hosts for nic in host.nics}

    def _in_no_network(self, address: IPv4Address, balancer: Balancer) -> Finding:
        if balancer is Balancer.SITE:
            return not_applicable(f"{address} is in none of the site's networks")
        names = ", ".join(f"{one.name} ({one.subnet})" for one in self.site.networks)
        fix = f"give the cluster an address of a network that its nodes are in: {names}"
        words = f"{address} is in none of the site's networks: {balancer} can't have it"
        return failure(words, {"address": str(address)}, fix)


def _is_leased(network: Network, address: IPv4Address) -> bool:
    if network.pool is None:
        return False
    first, last = map(IPv4Address, network.pool)
    ranges = [tuple(map(IPv4Address, one)) for one in network.excluded]
    excluded = any(begin <= address <= end for begin, end in ranges)
    return first <= address <= last and not excluded


def _in_the_pool(network: Network, address: IPv4Address) -> Finding:
    seen = {"address": str(address), "network": network.name}
    fix = f'keep it out of the pool: Network("{network.name}", …, exclude=["{address}"])'
    words = f"DHCP may give {address} to any machine: it is in the pool of {network.name!r}"
    return failure(words, seen, fix)
