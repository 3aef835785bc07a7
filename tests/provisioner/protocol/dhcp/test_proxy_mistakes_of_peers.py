"""Mistakes that peers made in ProxyDHCP, each named after who was hurt; as the client's own source reads
an answer."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.decision import Answer
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.message import UNSPECIFIED, Message, decode, encode
from provisioner.protocol.dhcp.proxy import acknowledged, offered
from tests.provisioner.protocol.dhcp.samples import LINK, NOW, SERVER, packet

pytestmark = pytest.mark.unit

SERVED = NetbootAnswer("http://10.7.0.1")
LEASED = IPv4Address("10.7.0.150")
BY_PXE = ("ovmf-pxe", "seabios-ipxe", "ovmf-rom-ipxe", "undionly-ipxe", "ovmf-ipxe")
_DISCOVERY_TAGS = frozenset(range(6, 11))
_DISCOVERY_CONTROL, _USE_THE_BOOT_FILE = 6, 8


def on_the_wire(answer: object) -> Message:
    assert isinstance(answer, Answer)
    return decode(encode(answer.reply))


def proxys_offer(sent: str) -> Message:
    return on_the_wire(offered(packet(f"{sent}-discover"), SERVER, SERVED))


def proxys_acknowledgement(sent: str) -> Message:
    asked = replace(packet(f"{sent}-request"), ciaddr=LEASED)
    return on_the_wire(acknowledged(asked, (LEASED, 4011), SERVER, SERVED))


def vendor_tags(reply: Message) -> dict[int, bytes]:
    """Of option 43, which is encapsulated options (RFC 2132, 8.4)."""
    value, found = reply.option(43) or b"", dict[int, bytes]()
    while value and value[0] != 255:
        found[value[0]], value = value[2 : 2 + value[1]], value[2 + value[1] :]
    return found


def edk2_takes_it_for(reply: Message) -> str:
    """PxeBcParseDhcp4Packet (NetworkPkg/UefiPxeBcDxe/PxeBcDhcp4.c): "BINL" is asked on port 4011 for the
    file that it lacks; who is silent there, or names no file, is given up."""
    proxy = reply.yiaddr == UNSPECIFIED
    if (reply.option(60) or b"").startswith(b"PXEClient"):
        kind = "PXE 1.0" if _DISCOVERY_TAGS & vendor_tags(reply).keys() else "BINL"
        return f"proxy {kind}" if proxy else kind
    if proxy:
        return "nothing"
    return "DHCP with a boot file" if reply.option(67) or reply.file else "DHCP"


@pytest.mark.parametrize("sent", BY_PXE)
def test_tianocore_6944_edk2_refused_proxydhcp(sent: str) -> None:
    """It is told all at once, and that it need not look for boot servers; asked on port 4011 all the same,
    we say the same."""
    for reply in (proxys_offer(sent), proxys_acknowledgement(sent)):
        assert edk2_takes_it_for(reply) == "proxy PXE 1.0"
        (control,) = vendor_tags(reply)[_DISCOVERY_CONTROL]
        assert control & _USE_THE_BOOT_FILE
        assert reply.option(67)


def test_tianocore_6944_edk2_asked_a_full_server_on_port_4011() -> None:
    """Where we give the address, nobody listens there: the offer has to be complete in itself."""
    reply = on_the_wire(decide(packet("ovmf-pxe-discover"), LINK, LeaseTable(), NOW))
    assert edk2_takes_it_for(reply) == "DHCP with a boot file"


@pytest.mark.parametrize("sent", BY_PXE)
def test_shim_165_took_the_wrong_tftp_address_under_proxydhcp(sent: str) -> None:
    """What is loaded next looks in the proxy's answer for where the rest is, in one field or another: each
    of them has our address, not the one of the server that gave it its own."""
    for reply in (proxys_offer(sent), proxys_acknowledgement(sent)):
        assert (reply.siaddr, reply.address_option(54)) == (SERVER, SERVER)
        assert reply.file == reply.option(67)
        assert reply.option(66) in (None, str(SERVER).encode())
