"""The networks behind the relays of one interface, as they are declared now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address

from inventory.network import Network
from inventory.site import Site
from provisioner.ports import Store
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.faults import Faults
from provisioner.serve.lease_pipeline import LeasePipeline
from provisioner.serve.lease_store import NetworkLeaseStore
from provisioner.serve.memory import Memory
from provisioner.serve.network_link import NetworkLink
from provisioner.serve.relayed_networks import RelayedNetwork


class NetworksBehind:
    """Addresses are not withheld there: whoever set up the relays has sent them to us."""

    def __init__(
        self,
        memory: Memory,
        store: Store,
        programs: BootProgramFolder,
        clock: Callable[[], float],
    ) -> None:
        self._memory = memory
        self._store = store
        self._programs = programs
        self._clock = clock
        self._faults = Faults()
        self._links: dict[str, NetworkLink] = {}
        self._relayed: dict[str, RelayedNetwork] = {}

    def follow(self, local: Network, site: Site) -> None:
        """Go on with those that the site has behind the local network."""
        behind = {one.name: one for one in site.networks if one.is_behind(local)}
        for gone in self._links.keys() - behind.keys():
            del self._links[gone], self._relayed[gone]
        for name, network in behind.items():
            if name in self._links:
                self._links[name].follow(network, site)
            else:
                self._add(network, site)

    def current(self) -> Sequence[RelayedNetwork]:
        return tuple(self._relayed.values())

    def networks(self) -> Sequence[Network]:
        return tuple(link.network for link in self._links.values())

    def tables(self) -> Iterable[LeaseTable]:
        return (self._memory.leases_of(name) for name in self._links)

    def _add(self, network: Network, site: Site) -> None:
        link = NetworkLink(network, site, self._memory, self._programs, _alone)
        pipeline = LeasePipeline(
            link=link.current,
            leases=self._memory.leases_of(network.name),
            store=NetworkLeaseStore(network.name, self._store),
            clock=self._clock,
            faults=self._faults,
        )
        self._links[network.name] = link
        self._relayed[network.name] = RelayedNetwork(link.current, pipeline)


def _alone() -> tuple[frozenset[IPv4Address], bool]:
    return frozenset(), False
