"""Which networks the doctor looks at, from which interface, and what should be seen there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from inventory.errors import OperatorError
from inventory.network import Network
from inventory.site import Site
from provisioner.cli.admin import Admin
from provisioner.cli.doctor.observation import Expected


@dataclass(frozen=True, slots=True)
class Target:
    interface: str
    expected: Expected | None


def targets(
    site_file: Path | None, interface: str | None, network: str | None, admin: Admin
) -> list[Target]:
    """Of the declaration; else the interface alone; else what the daemon here serves. Raises
    OperatorError if that is nothing, or not one where one interface is named."""
    if site_file is not None:
        found = list(_declared(site_file, relayed=interface is not None))
    elif interface is not None and network is None:
        return [Target(interface, None)]
    else:
        found = _served(admin)
    found = [one for one in found if network in (None, one.expected and one.expected.network)]
    if not found:
        raise OperatorError(
            f"there is no network {network} here: one behind a relay is looked at from a computer in it,"
            " with --interface"
            if network
            else "no network is served"
        )
    if interface is None:
        return _as_the_daemon_knows(found, admin)
    if len(found) > 1:
        names = ", ".join(one.expected.network for one in found if one.expected)
        raise OperatorError(f"{interface} is in which network? --network is one of: {names}")
    return _as_the_daemon_knows([replace(found[0], interface=interface)], admin)


def _declared(site_file: Path, *, relayed: bool) -> Iterator[Target]:
    """Networks that the jump host is not in can be looked at from another computer only."""
    from provisioner.cli.declaration_file import read_declaration

    site = read_declaration(site_file).require_sound()
    for network in site.networks:
        if network.is_relayed and not relayed:
            continue
        expected = Expected(
            network.name,
            network.ip_address,
            network.ip_network,
            network.lease_time,
            tuple(_names(site, network)),
        )
        yield Target(network.interface, expected)


def _names(site: Site, network: Network) -> Iterator[tuple[str, str]]:
    """The name server's own, and that of a host of the network."""
    if site.domain is None:
        return
    yield f"ns.{site.domain}", network.address
    for host in site.hosts:
        if host.address is not None and IPv4Address(host.address) in network.ip_network:
            yield f"{host.name}.{site.domain}".lower(), host.address
            return


def _served(admin: Admin) -> list[Target]:
    """Raises OperatorError if no daemon answers."""
    try:
        status = admin.status()
    except OperatorError as error:
        raise OperatorError(
            f"{error}. To look from another computer: provisioner doctor --interface IF"
        ) from error
    return [
        Target(one["interface"], Expected(one["name"], IPv4Address(one["address"])))
        for one in status["networks"]
    ]


def _as_the_daemon_knows(found: list[Target], admin: Admin) -> list[Target]:
    """With what a daemon here says of the networks, if there is one."""
    with contextlib.suppress(OperatorError):
        status = admin.status()
        return [_told(one, status) for one in found]
    return found


def _told(target: Target, status: Mapping[str, Any]) -> Target:
    expected = target.expected
    served = {one["name"]: one for one in status["networks"]}
    if expected is None or expected.network not in served:
        return target
    here = served[expected.network]
    ending = f" on {here['interface']}"
    known = (one for one in status["foreign_dhcp_servers"] if one.endswith(ending))
    servers = tuple(one.removesuffix(ending) for one in known)
    told = replace(expected, withheld=here["withheld"], known_servers=servers)
    return replace(target, expected=told)
