"""Any datagrams to port 67: read, decided on several links one after another, told, answered."""

from __future__ import annotations

import sys
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import atheris

with atheris.instrument_imports(include=["provisioner.protocol"]):
    from provisioner.protocol.dhcp.decision import Answer
    from provisioner.protocol.dhcp.engine import decide
    from provisioner.protocol.dhcp.lease import LeaseTable
    from provisioner.protocol.dhcp.link import Link, Pool
    from provisioner.protocol.dhcp.message import UNSPECIFIED, Message, decode, encode
    from provisioner.protocol.dhcp.narration import heard, outcome
    from provisioner.protocol.dhcp.relay import link_of_message
    from provisioner.protocol.errors import MalformedDhcpMessage
    from tests.provisioner.protocol.dhcp.samples import (
        CP1,
        LINK,
        LINK_BESIDE_ANOTHER_SERVER,
        LINK_NOT_PROBED_YET,
        NOW,
        STRANGER,
        table,
    )
    from tests.provisioner.protocol.dhcp.test_identity import LINKED

OVERLOAD = 52
MANY_OPTIONS = ((code, bytes(60)) for code in range(100, 130) if code != 82)
RELAYED = replace(
    LINK,
    subnet=IPv4Network("10.8.0.0/24"),
    pool=Pool(IPv4Address("10.8.0.50"), IPv4Address("10.8.0.53")),
    reservations={},
    relays=frozenset({IPv4Address("10.8.0.1")}),
)
LINKS = (
    LINK,
    LINKED,
    replace(LINK, pool=None),
    replace(LINK, netboot=None, reservations={}),
    LINK_BESIDE_ANOTHER_SERVER,
    LINK_NOT_PROBED_YET,
    replace(LINK, answers_everyone=True, authoritative=True, options=tuple(MANY_OPTIONS)),
)
RUNNING = (CP1, "10.7.0.11", 60.0)
EXPIRED = (STRANGER, "10.7.0.100", -60.0)


def one_input(data: bytes) -> None:
    try:
        message = decode(data)
    except MalformedDhcpMessage:
        return
    assert decode(encode(message)) == message
    leases = table(RUNNING, EXPIRED)
    for link in LINKS:
        decide_and_judge(message, link, leases)
    about = link_of_message(message, LINK, (RELAYED,))
    decide_and_judge(message, about, table(EXPIRED) if about is RELAYED else leases)


def decide_and_judge(message: Message, link: Link, leases: LeaseTable) -> None:
    decision = decide(message, link, leases, NOW)
    heard(message, decision)
    outcome(message, decision)
    if decision.lease_change is not None:
        leases.apply(decision.lease_change)
    if not isinstance(decision, Answer):
        return
    reply, sent = decision.reply, encode(decision.reply)
    assert len(sent) <= largest(message)
    assert {*reply.options} - {*decode(sent).options} <= {(OVERLOAD, bytes([n])) for n in (1, 2, 3)}
    assert (reply.xid, reply.chaddr, reply.giaddr) == (message.xid, message.chaddr, message.giaddr)
    if reply.yiaddr != UNSPECIFIED:
        judge_address(reply, link, leases)


def largest(message: Message) -> int:
    """Bytes that the client takes, without the headers of IP and UDP, and a wire without fragments."""
    said = int.from_bytes(message.option(57) or b"")
    return max(576, min(said, 1500)) - 28


def judge_address(reply: Message, link: Link, leases: LeaseTable) -> None:
    """The client's own, of the network, and nobody else's."""
    own = link.reservations.get(reply.mac or "")
    number = int(reply.yiaddr)
    known = link.identities is not None and number in link.identities.by_number
    assert reply.yiaddr in link.subnet
    assert number not in link.never_leased or known or (own and own.address == reply.yiaddr)
    assert leases.owner(reply.yiaddr, NOW) in (None, reply.mac)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
