"""What happened on the wire, as values for the boot log: past tense, one per packet-level step."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TypeAlias
from uuid import UUID

from provisioner.protocol.dhcp.client import ClientKind


@dataclass(frozen=True, slots=True)
class DiscoverHeard:
    """A client of ours looks for a server. `firmware` is "bios", "uefi" or None (not told);
    `architecture` the number of option 93; `uuid` option 97."""

    mac: str
    client: ClientKind
    architecture: int | None
    firmware: str | None
    uuid: UUID | None
    vendor_class: str


@dataclass(frozen=True, slots=True)
class RequestHeard:
    """A client of ours asks for an address; `address` is the one it wants."""

    mac: str
    client: ClientKind
    address: IPv4Address | None
    uuid: UUID | None


@dataclass(frozen=True, slots=True)
class OfferSent:
    """`boot_file` is empty when the client was given none."""

    mac: str
    address: IPv4Address
    boot_file: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoBootProgram:
    """Firmware got an address and nothing to load. `architecture` is the number of option 93; `runs` are
    the programs that it could run and that aren't there; empty where none is known."""

    mac: str
    architecture: int | None
    vendor_class: str
    runs: str


@dataclass(frozen=True, slots=True)
class BootInformationSent:
    """By ProxyDHCP, beside the DHCP server that gives the address. `message` is "OFFER" or "ACK"."""

    mac: str
    message: str
    boot_file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The lease was committed before this was sent. `expires` in epoch seconds; an answered INFORM
    has the client's own address and `expires` None."""

    mac: str
    address: IPv4Address
    boot_file: str
    expires: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A DHCPNAK was sent to a client of ours."""

    mac: str
    address: IPv4Address | None
    reason: str


@dataclass(frozen=True, slots=True)
class AddressReleased:
    """The client gave its address back."""

    mac: str
    address: IPv4Address


@dataclass(frozen=True, slots=True)
class AddressDeclined:
    """The client found its address in use by somebody else."""

    mac: str
    address: IPv4Address


@dataclass(frozen=True, slots=True)
class AddressFoundInUse:
    """An address of the pool is used by a MAC that has no lease of it; nobody else is given it."""

    mac: str
    address: IPv4Address


@dataclass(frozen=True, slots=True)
class AddressSilentAgain:
    """Who used the address without a lease answers no more; it is given out again."""

    mac: str
    address: IPv4Address


@dataclass(frozen=True, slots=True)
class DhcpMessageIgnored:
    """`message` is the type's name ("DISCOVER") or empty."""

    mac: str
    message: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class DhcpMessageMalformed:
    """Bytes that are no DHCP message came from `peer`."""

    peer: IPv4Address
    problem: str


@dataclass(frozen=True, slots=True)
class LeaseCommitFailed:
    """The store refused a batch: `answers` replies were not sent. Clients try again by
    themselves."""

    answers: int
    problem: str


@dataclass(frozen=True, slots=True)
class DhcpReplyNotSent:
    """The kernel wouldn't send a reply (interface down, for one)."""

    mac: str
    problem: str


@dataclass(frozen=True, slots=True)
class RouterAbsenceTold:
    """A machine in iPXE asked for an IPv6 router and was told that we are none, so that it goes on
    at once instead of after 16 s."""

    mac: str


@dataclass(frozen=True, slots=True)
class ForeignDhcpServerAppeared:
    """Another DHCP server answers on our interface. `server` is its server id, `mac` its frame's
    source."""

    server: IPv4Address
    mac: str


@dataclass(frozen=True, slots=True)
class ForeignDhcpServerGone:
    """It answered before and hasn't answered the last probes."""

    server: IPv4Address
    mac: str


@dataclass(frozen=True, slots=True)
class ForeignDhcpProbeFailed:
    """The question could not be asked; what is known of other servers stands."""

    problem: str


DhcpEvent: TypeAlias = (
    DiscoverHeard
    | RequestHeard
    | OfferSent
    | NoBootProgram
    | BootInformationSent
    | Acknowledged
    | Refused
    | AddressReleased
    | AddressDeclined
    | AddressFoundInUse
    | AddressSilentAgain
    | DhcpMessageIgnored
    | DhcpMessageMalformed
    | LeaseCommitFailed
    | DhcpReplyNotSent
    | RouterAbsenceTold
    | ForeignDhcpServerAppeared
    | ForeignDhcpServerGone
    | ForeignDhcpProbeFailed
)
