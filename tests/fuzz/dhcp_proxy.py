"""Any datagram to ports 67 and 4011 where another server gives the addresses: none is given here, and nobody
but firmware is told anything."""

from __future__ import annotations

import sys
from ipaddress import IPv4Address

import atheris

with atheris.instrument_imports(include=["provisioner.protocol"]):
    from provisioner.protocol.dhcp.decision import Answer, Broadcast, Decision, Unicast
    from provisioner.protocol.dhcp.link import NetbootAnswer
    from provisioner.protocol.dhcp.message import UNSPECIFIED, Message, decode, encode
    from provisioner.protocol.dhcp.proxy import acknowledged, offered
    from provisioner.protocol.dhcp.proxy_narration import told
    from provisioner.protocol.errors import MalformedDhcpMessage

SERVER = IPv4Address("10.7.0.1")
PEER = IPv4Address("10.7.0.150"), 4011
SERVED = NetbootAnswer("http://10.7.0.1")
FIRMWARE = (b"PXEClient", b"HTTPClient")


def one_input(data: bytes) -> None:
    try:
        message = decode(data)
    except MalformedDhcpMessage:
        return
    judge(message, offered(message, SERVER, SERVED))
    judge(message, acknowledged(message, PEER, SERVER, SERVED))


def judge(message: Message, decision: Decision) -> None:
    told(message, decision)
    assert decision.lease_change is None
    if not isinstance(decision, Answer):
        return
    reply = decision.reply
    assert (reply.xid, reply.chaddr, reply.yiaddr) == (message.xid, message.chaddr, UNSPECIFIED)
    assert decision.destination in (Broadcast(), Unicast(*PEER), Unicast(message.giaddr, 67))
    assert (decode(encode(reply)).option(60) or b"").startswith(FIRMWARE)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
