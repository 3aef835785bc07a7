"""The site: everything that physically exists at one place, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.declared import Declared
from inventory.host import Host
from inventory.name_server import NameServer
from inventory.network import Network
from inventory.rack import Cable, Rack, Switch
from inventory.tuples import freeze
from inventory.waiver import Waiver


@dataclass(frozen=True)
class Site(Declared):
    """`http_port` is what the jump host serves machines on, `https_port` the same by HTTPS, for those who
    trust the site's own CA (None: not at all); `domain` is the hosts' DNS domain;
    `forwarders` are the addresses of DNS servers that are asked for every other name, in their order.
    Without them the machines get names of the site only. `name_server` gets the names that Scores want, in
    place of the jump host's own; not in a rehearsal. `waivers` are the failures of preflight that
    the operator takes upon himself."""

    name: str
    networks: tuple[Network, ...] | list[Network]
    hosts: tuple[Host, ...] | list[Host]
    racks: tuple[Rack, ...] | list[Rack] = ()
    switches: tuple[Switch, ...] | list[Switch] = ()
    cables: tuple[Cable, ...] | list[Cable] = ()
    domain: str | None = None
    http_port: int = 80
    https_port: int | None = 443
    forwarders: tuple[str, ...] | list[str] = ()
    waivers: tuple[Waiver, ...] | list[Waiver] = ()
    name_server: NameServer | None = None

    def __post_init__(self) -> None:
        freeze(self, "networks", "hosts", "racks", "switches", "cables", "forwarders", "waivers")

    def host(self, name: str) -> Host | None:
        return next((host for host in self.hosts if host.name == name), None)

    def network_of(self, host: Host) -> Network | None:
        """The network of the host's first NIC: the one it names, or the site's only one."""
        named = host.boot_nic.network if host.boot_nic else None
        if named is None:
            return self.networks[0] if len(self.networks) == 1 else None
        return next((network for network in self.networks if network.name == named), None)
