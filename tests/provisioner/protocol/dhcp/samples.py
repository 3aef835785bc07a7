"""A link, clients' messages and firmware's captured packets, as the tests of the engine use
them."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from provisioner.protocol.dhcp.client import identify
from provisioner.protocol.dhcp.engine import stage_of
from provisioner.protocol.dhcp.lease import Bound, Lease, LeaseTable
from provisioner.protocol.dhcp.link import Link, NetbootAnswer, Pool, Reservation
from provisioner.protocol.dhcp.message import Message, Options, decode
from provisioner.protocol.dhcp.options import MessageType, Operation, OptionCode
from provisioner.protocol.dhcp.question import Question

NOW = 1_000_000.0
SERVER = IPv4Address("10.7.0.1")
OTHER_SERVER = IPv4Address("10.7.0.2")
CP1 = "52:54:00:07:00:11"
CP1_ADDRESS = IPv4Address("10.7.0.11")
STRANGER = "0a:00:00:00:00:99"
POOL = Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.103"))

LINK = Link(
    interface="lan0",
    address=SERVER,
    subnet=IPv4Network("10.7.0.0/24"),
    pool=POOL,
    domain="home.example",
    netboot=NetbootAnswer("http://10.7.0.1"),
    reservations={CP1: Reservation(CP1_ADDRESS, "cp1")},
)
LINK_BESIDE_ANOTHER_SERVER = replace(LINK, foreign_servers=frozenset({OTHER_SERVER}))
LINK_NOT_PROBED_YET = replace(LINK, withholds=True)
LINK_OF_THE_SECOND = replace(LINK_BESIDE_ANOTHER_SERVER, withholds=True)

DISCOVER = MessageType.DISCOVER
REQUEST = MessageType.REQUEST
INFORM = MessageType.INFORM
RELEASE = MessageType.RELEASE
DECLINE = MessageType.DECLINE

NETBOOTS: Options = (
    (OptionCode.VENDOR_CLASS, b"PXEClient:Arch:00007:UNDI:003000"),
    (OptionCode.CLIENT_ARCHITECTURE, b"\0\7"),
)


def packet(name: str) -> Message:
    """A captured packet, by its file's name without the ending."""
    return decode(packet_bytes(name))


def packet_bytes(name: str) -> bytes:
    """A captured packet's bytes."""
    return bytes.fromhex((Path(__file__).parent / "packets" / f"{name}.hex").read_text())


def message(
    kind: MessageType,
    mac: str = STRANGER,
    *,
    server: IPv4Address | None = None,
    requested: IPv4Address | None = None,
    ciaddr: IPv4Address | None = None,
    giaddr: IPv4Address | None = None,
    broadcast: bool = False,
    options: Options = (),
) -> Message:
    """A client's message, with what the arguments say in it."""
    written: Options = ((OptionCode.MESSAGE_TYPE, bytes([kind])),)
    if server is not None:
        written = (*written, (OptionCode.SERVER_IDENTIFIER, server.packed))
    if requested is not None:
        written = (*written, (OptionCode.REQUESTED_ADDRESS, requested.packed))
    return Message(
        op=Operation.BOOTREQUEST,
        xid=0x1234,
        chaddr=bytes.fromhex(mac.replace(":", "")),
        options=(*written, *options),
        flags=0x8000 if broadcast else 0,
        ciaddr=ciaddr or IPv4Address(0),
        giaddr=giaddr or IPv4Address(0),
    )


def table(*leases: tuple[str, str, float]) -> LeaseTable:
    """A lease table out of (MAC, address, seconds from now that it runs)."""
    filled = LeaseTable()
    for mac, address, runs in leases:
        filled.apply(Bound(Lease(mac, IPv4Address(address), NOW + runs)))
    return filled


def question(asked: Message, link: Link = LINK, leases: LeaseTable | None = None) -> Question:
    """The question as the engine puts it to its rules."""
    mac = asked.mac
    assert mac is not None
    return Question(asked, stage_of(asked), identify(asked, mac), link, leases or LeaseTable(), NOW)
