"""One network as DHCP serves it now: made anew only when something has changed that it depends on."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.network import Network
from inventory.site import Site
from provisioner.protocol.boot.network_plan import declared_clients, link_of
from provisioner.protocol.dhcp.link import Link
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.memory import Memory
from provisioner.serve.script_desk import base_url


class NetworkLink:
    """`presence` are the other DHCP servers there, and whether addresses are withheld."""

    def __init__(
        self,
        network: Network,
        site: Site,
        memory: Memory,
        programs: BootProgramFolder,
        presence: Callable[[], tuple[frozenset[IPv4Address], bool]],
    ) -> None:
        self.network = network
        self._site = site
        self._memory = memory
        self._programs = programs
        self._presence = presence
        self._declared = declared_clients(network, site)
        self._made: tuple[object, Link] | None = None

    def follow(self, network: Network, site: Site) -> None:
        """Go on with what is declared of the network now."""
        self.network, self._site, self._made = network, site, None
        self._declared = declared_clients(network, site)

    def current(self) -> Link:
        """Asked for every batch of messages."""
        presence, programs = self._presence(), self._programs.present()
        version = (self._memory.revision, presence, programs)
        if self._made is None or self._made[0] != version:
            self._made = version, self._link(*presence, programs)
        return self._made[1]

    def _link(
        self, foreign: frozenset[IPv4Address], withholds: bool, programs: frozenset[str]
    ) -> Link:
        return link_of(
            self.network,
            self._site,
            self._memory.machines.values(),
            foreign,
            base_url(self.network, self._site),
            declared=self._declared,
            withholds=withholds,
            programs=programs,
        )
