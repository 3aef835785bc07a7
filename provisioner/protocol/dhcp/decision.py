"""What can be decided about a DHCP message, as values: an answer with its destination, or
nothing, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address
from typing import TypeAlias

from provisioner.protocol.dhcp.client import Client
from provisioner.protocol.dhcp.lease import LeaseChange
from provisioner.protocol.dhcp.message import Message


@dataclass(frozen=True, slots=True)
class Broadcast:
    """To 255.255.255.255, port 68."""


@dataclass(frozen=True, slots=True)
class Unicast:
    """To an address that answers ARP: a client that has its address, or (port 67) a relay."""

    address: IPv4Address
    port: int = 68


@dataclass(frozen=True, slots=True)
class UnicastFrame:
    """To a client that doesn't have `address` yet: an Ethernet frame to its MAC (RFC 2131, 4.1)."""

    mac: str
    address: IPv4Address


Destination: TypeAlias = Broadcast | Unicast | UnicastFrame


class Reason(StrEnum):
    """Why a message was answered as it was, in words that `provisioner log` shows as they are."""

    RESERVED = "the address is reserved for this machine"
    LEASED_BEFORE = "the address is the one it had before"
    FROM_POOL = "a free address of the pool"
    RENEWED = "its lease goes on"
    BOOT_INFORMATION = "another server gives it its address"
    NETBOOT_OFF = "it is declared to boot nothing over the network"
    INFORMED = "it has its address already and asked for the options"

    NOT_ITS_ADDRESS = "it asks for an address that isn't its own"
    RELEASED = "it gave its address back"
    DECLINED = "it found its address in use by somebody else"

    NOT_A_REQUEST = "it is a server's message"
    NOT_DHCP = "it has no message type, or one that no client sends"
    NOT_ETHERNET = "its hardware address isn't an Ethernet address"
    OTHER_NETWORK = "a relay sent it from another network"
    ADDRESS_ELSEWHERE = "it asks from an address of another network"
    OTHER_SERVER = "it chose another DHCP server"
    UNKNOWN_CLIENT = "its MAC isn't declared and it doesn't boot over the network"
    FOREIGN_SERVER = "another DHCP server is present and its MAC isn't declared"
    FOREIGN_SERVER_FIRST = "another DHCP server was here first, so that no address is handed out"
    NOT_PROBED_YET = "it isn't known yet whether another DHCP server is here"
    NO_POOL = "it has no reservation and there is no pool"
    POOL_EXHAUSTED = "every address of the pool is leased"
    ADDRESS_DISPUTED = "its reserved address was found in use by somebody else"
    STILL_LEASED = (
        "its reserved address is leased to another machine, until that misses to renew it"
    )
    LEFT_TO_THE_SERVER = "it is for the DHCP server of the site"
    NO_BOOT_PROGRAM = "there is no boot program for it"
    NOTHING_ON_RECORD = "it claims an address that isn't on record"


@dataclass(frozen=True, slots=True)
class Answer:
    """Send `reply` to `destination` once `lease_change`, if it is a durable one, is committed. `client`
    is who was answered."""

    reply: Message
    destination: Destination
    lease_change: LeaseChange | None
    reason: Reason
    client: Client | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """Send nothing. A RELEASE or DECLINE still changes a lease. `detail` names what the reason is
    about."""

    reason: Reason
    detail: str = ""
    lease_change: LeaseChange | None = None


Decision: TypeAlias = Answer | Drop
