"""The site: everything that physically exists at one place, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.host import Host
from inventory.network import Network
from inventory.rack import Cable, Rack, Switch


@dataclass(frozen=True)
class Site:
    """`http_port` and `dns_port` are what the jump host serves machines on."""

    name: str
    networks: tuple[Network, ...] | list[Network]
    hosts: tuple[Host, ...] | list[Host]
    racks: tuple[Rack, ...] | list[Rack] = ()
    switches: tuple[Switch, ...] | list[Switch] = ()
    cables: tuple[Cable, ...] | list[Cable] = ()
    domain: str | None = None
    http_port: int = 80
