"""ProxyDHCP: boot information beside a DHCP server of the site, which gives the addresses (PXE 2.1, 2.2).

A DISCOVER on port 67 is answered with an offer of no address; who then asks on port 4011, as firmware does
that wants to be sure, is acknowledged the same. Option 43 says that discovery is over: without it EDK2
takes option 60 for half of a conversation (PxeBcDhcp4.c). HTTP boot has no such half. iPXE that is told its
script here looks no further, so that 175 need not say it.
"""

from __future__ import annotations

from ipaddress import IPv4Address

from provisioner.protocol.dhcp.client import Client, ClientKind, identify
from provisioner.protocol.dhcp.decision import Answer, Broadcast, Decision, Drop, Reason, Unicast
from provisioner.protocol.dhcp.layout import laid_out
from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.message import UNSPECIFIED, Message, Options
from provisioner.protocol.dhcp.netboot import boot_file
from provisioner.protocol.dhcp.options import MessageType, Operation, OptionCode

BOOT_SERVER_PORT = 4011
_USE_BOOT_FILE = b"\x06\x01\x08\xff"  # PXE_DISCOVERY_CONTROL 8: no discovery, there is a boot file
_FILE_FIELD = 127
_ECHOED = (
    OptionCode.CLIENT_IDENTIFIER,  # RFC 6842
    OptionCode.CLIENT_MACHINE_IDENTIFIER,
    OptionCode.RELAY_AGENT_INFORMATION,
)


def offered(message: Message, address: IPv4Address, served: NetbootAnswer) -> Decision:
    """What to say to a message on port 67; `address` is our own."""
    if message.message_type is not MessageType.DISCOVER:
        return Drop(Reason.LEFT_TO_THE_SERVER)
    if message.giaddr != UNSPECIFIED:
        return _answered(message, address, served, Unicast(message.giaddr, 67))
    return _answered(message, address, served, Broadcast())


def acknowledged(
    message: Message, peer: tuple[IPv4Address, int], address: IPv4Address, served: NetbootAnswer
) -> Decision:
    """What to say to a message on port 4011, from there to where it came from."""
    if message.message_type not in (MessageType.REQUEST, MessageType.INFORM):
        return Drop(Reason.LEFT_TO_THE_SERVER)
    return _answered(message, address, served, Unicast(*peer))


def _answered(
    message: Message, address: IPv4Address, served: NetbootAnswer, to: Broadcast | Unicast
) -> Decision:
    mac = message.mac
    if message.op is not Operation.BOOTREQUEST:
        return Drop(Reason.NOT_A_REQUEST)
    if mac is None:
        return Drop(Reason.NOT_ETHERNET)
    client = identify(message, mac)
    if not client.kind.is_firmware:
        return Drop(Reason.LEFT_TO_THE_SERVER, client.vendor_class)
    if mac in served.spared:
        return Drop(Reason.NETBOOT_OFF)
    file = boot_file(client, served)
    if file is None:
        return Drop(Reason.NO_BOOT_PROGRAM, client.vendor_class)
    reply = _reply(message, client, address, file.encode("ascii"))
    return Answer(reply, to, None, Reason.BOOT_INFORMATION, client)


def _reply(message: Message, client: Client, address: IPv4Address, file: bytes) -> Message:
    in_header = file if len(file) <= _FILE_FIELD else b""
    layout = laid_out(_options(message, client, address, file), in_header, message, None)
    return Message(
        op=Operation.BOOTREPLY,
        xid=message.xid,
        chaddr=message.chaddr,
        options=layout.options,
        flags=message.flags,
        ciaddr=message.ciaddr,
        siaddr=address,
        giaddr=message.giaddr,
        sname=layout.sname,
        file=layout.file,
    )


def _options(message: Message, client: Client, address: IPv4Address, file: bytes) -> Options:
    discovers = message.message_type is MessageType.DISCOVER
    kind = MessageType.OFFER if discovers else MessageType.ACK
    by_http = client.kind is ClientKind.HTTP_BOOT
    options: Options = (
        (OptionCode.MESSAGE_TYPE, bytes([kind])),
        (OptionCode.SERVER_IDENTIFIER, address.packed),
        (OptionCode.VENDOR_CLASS, b"HTTPClient" if by_http else b"PXEClient"),
        (OptionCode.BOOT_FILE_NAME, file),
    )
    if not by_http:
        options = (*options, (OptionCode.VENDOR_SPECIFIC, _USE_BOOT_FILE))
    for code in _ECHOED:
        value = message.option(code)
        if value is not None:
            options = (*options, (code, value))
    return options
