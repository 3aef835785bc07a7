"""Kernel arguments by which a CoreOS machine has its network before it has its configuration.

They are dracut's (dracut.cmdline(7), read by NetworkManager's generator in the initramfs). Given to the live
system that installs, those of the network are given on to the installed system's first boot, where Ignition
fetches the node's configuration (coreos-installer, docs/getting-started.md). Cards are named by their MACs:
the kernel's own names aren't known before it has started.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from typing import TypeAlias, assert_never

from inventory.mac import normal_mac


@dataclass(frozen=True, slots=True)
class Card:
    """One network card, by its permanent MAC."""

    mac: str


@dataclass(frozen=True, slots=True)
class BondedCards:
    """Cards that are one: `options` are the bonding driver's, such as `mode`; those that are lists have
    their items between semicolons, as dracut wants them."""

    name: str
    macs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


Cards: TypeAlias = Card | BondedCards


@dataclass(frozen=True, slots=True)
class FirstNetwork:
    """What a machine has of the network from its first packet on. `vlan` is the number of a tagged one; `mtu`
    in bytes, None for the usual."""

    hostname: str
    address: IPv4Interface
    cards: Cards
    gateway: IPv4Address | None = None
    name_servers: tuple[IPv4Address, ...] = ()
    mtu: int | None = None
    vlan: int | None = None


def network_arguments(network: FirstNetwork) -> tuple[str, ...]:
    """In the order that dracut's documentation has them: cards, what is made of them, the address, names."""
    return (
        "rd.neednet=1",
        *_cards(network),
        _address(network),
        *(f"nameserver={server}" for server in network.name_servers),
    )


def _cards(network: FirstNetwork) -> Iterator[str]:
    cards, mtu = network.cards, "" if network.mtu is None else f":{network.mtu}"
    match cards:
        case Card(mac):
            if network.vlan is not None:
                yield f"ifname={_named(0)}:{normal_mac(mac)}"
        case BondedCards(name, macs, options):
            members = [_named(at) for at in range(len(macs))]
            for member, mac in zip(members, macs, strict=True):
                yield f"ifname={member}:{normal_mac(mac)}"
            told = ",".join(f"{option}={value}" for option, value in options)
            yield f"bond={name}:{','.join(members)}:{told}{mtu}"
        case _:
            assert_never(cards)
    if network.vlan is not None:
        yield f"vlan={_link(network)}:{_below(network)}"


def _address(network: FirstNetwork) -> str:
    """`ip=CLIENT::GATEWAY:PREFIX:HOSTNAME:LINK:none[:MTU]`. A bond has its MTU from its own argument."""
    own, gateway = network.address, "" if network.gateway is None else str(network.gateway)
    of_bond = isinstance(network.cards, BondedCards) and network.vlan is None
    mtu = "" if network.mtu is None or of_bond else f":{network.mtu}"
    prefix = own.network.prefixlen
    return f"ip={own.ip}::{gateway}:{prefix}:{network.hostname}:{_link(network)}:none{mtu}"


def _link(network: FirstNetwork) -> str:
    """What has the address. A card alone is named by its MAC, between hyphens as colons end a field."""
    if network.vlan is not None:
        return f"{_below(network)}.{network.vlan}"
    if isinstance(network.cards, Card):
        return normal_mac(network.cards.mac).replace(":", "-")
    return network.cards.name


def _below(network: FirstNetwork) -> str:
    return network.cards.name if isinstance(network.cards, BondedCards) else _named(0)


def _named(at: int) -> str:
    """A name that the kernel gives to no card, so that it can't be taken already."""
    return f"port{at}"
