"""Is the computer that provisions fit for it: its interfaces, its disks, its ports?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.capability.asset_store import amount
from harmony.domain.preflight.finding import Finding, Seen, failure, success
from inventory.network import Dhcp, Network
from inventory.site import Site


@dataclass(frozen=True, slots=True)
class Card:
    """An interface of the jump host; `up` is what its administrator set."""

    name: str
    up: bool
    addresses: tuple[IPv4Address, ...]


def judge_network(network: Network, cards: Sequence[Card]) -> Finding:
    """The declared interface is there, is up and has the declared address."""
    name, address = network.interface, network.ip_address
    card = next((one for one in cards if one.name == name), None)
    if card is None:
        there = tuple(one.name for one in cards)
        fix = f"declare the one that leads to {network.name!r}: Network(interface=…)"
        words = f"there is no interface {name}, but {', '.join(there)}"
        return failure(words, {"interface": name, "interfaces": there}, fix)
    has = tuple(map(str, card.addresses))
    seen: Seen = {"interface": name, "up": card.up, "addresses": has}
    if not card.up:
        return failure(f"interface {name} is down", seen, f"ip link set {name} up")
    if address not in card.addresses:
        length = network.ip_network.prefixlen
        words = f"interface {name} lacks {address}: it has {', '.join(has) or 'no address'}"
        fix = (
            f"ip address add {address}/{length} dev {name}, and in the system's configuration of it"
        )
        return failure(words, seen, fix)
    return success(f"interface {name} is up and has {address}", seen)


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on the disk of a folder, or of where it will be: bytes and names of files."""

    folder: str
    free: int
    names: int
    read_only: bool


def judge_room(room: Room, needed: int) -> Finding:
    seen: Seen = {
        "folder": room.folder,
        "free": room.free,
        "needed": needed,
        "files": room.names,
        "read_only": room.read_only,
    }
    if room.read_only:
        fix = "see in `dmesg` whether the disk fails; else mount -o remount,rw, or choose another folder"
        return failure(f"the disk of {room.folder} can't be written", seen, fix)
    if room.free < needed:
        words = f"{amount(room.free)} are free in {room.folder}, and {amount(needed)} are needed"
        fix = f"make room there, or choose another folder ({_CHOICE})"
        return failure(words, seen, fix)
    if not room.names:
        words = f"no more files can be made in {room.folder}: it has run out of inodes"
        return failure(words, seen, f"delete files there, or choose another folder ({_CHOICE})")
    return success(f"{amount(room.free)} are free in {room.folder}", seen)


_CHOICE = "HARMONY_CACHE, --state"


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that waits for others. `address` is None where it is bound to all, `interface` empty where
    it is bound to none."""

    protocol: str
    port: int
    address: str | None
    interface: str = ""
    program: str = ""

    def is_in_the_way(self, protocol: str, port: int, network: Network) -> bool:
        same = (self.protocol, self.port) == (protocol, port)
        here = self.address in (None, network.address)
        return same and here and self.interface in ("", network.interface)


def judge_ports(site: Site, listeners: Sequence[Listener]) -> Finding:
    """None of those that the daemon serves on is another program's."""
    wanted = [
        (protocol, port, network)
        for network in site.networks
        if not network.is_relayed
        for protocol, port in _ports(site, network)
    ]
    taken = {
        f"{protocol} {port}": one.program or "another program"
        for protocol, port, network in wanted
        for one in listeners
        if one.is_in_the_way(protocol, port, network)
    }
    ports = ", ".join(dict.fromkeys(f"{protocol} {port}" for protocol, port, _ in wanted))
    seen: Seen = {"taken": tuple(f"{port}: {program}" for port, program in taken.items())}
    if not taken:
        return success(f"nobody has {ports}", seen)
    words = "; ".join(f"{program} has {port}" for port, program in taken.items())
    programs = " and ".join(dict.fromkeys(taken.values()))
    fix = (
        f"stop {programs} (and disable it), or have it listen elsewhere than on the site's networks"
    )
    return failure(words, seen, fix)


def _ports(site: Site, network: Network) -> tuple[tuple[str, int], ...]:
    https = () if site.https_port is None else (("tcp", site.https_port),)
    proxy = (("udp", 4011),) if network.dhcp is Dhcp.PROXY else ()
    names = (("udp", 53), ("tcp", 53))
    return (*names, ("udp", 67), ("udp", 69), *proxy, ("tcp", site.http_port), *https)
