"""Which network a message is about, where one socket hears several; and what a relay says for us.

A relay that names a subnet (link selection, RFC 3527) is believed before its own address (giaddr); a
client that renews by itself speaks past the relay, and its own address tells (RFC 2131, 4.3.6). Whether
the relay may speak for that network, the engine's first rule judges.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import UNSPECIFIED, Message
from provisioner.protocol.dhcp.options import MessageType
from provisioner.protocol.dhcp.relay_information import SubOption, address_sub_option


def link_of_message(message: Message, local: Link, relayed: Sequence[Link]) -> Link:
    """The link that the message is about; the local one if it is about none that is served."""
    address = _about(message)
    if address is None:
        return local
    number = int(address)
    return next((link for link in relayed if number in link.numbers), local)


def _about(message: Message) -> IPv4Address | None:
    """An address in the client's subnet; None for a client on the local network."""
    if message.giaddr != UNSPECIFIED:
        return address_sub_option(message, SubOption.LINK_SELECTION) or message.giaddr
    if message.ciaddr != UNSPECIFIED and message.message_type is not MessageType.DISCOVER:
        return message.ciaddr
    return None


def server_identifier_of(message: Message, link: Link) -> IPv4Address:
    """Whom the client is to take us for: a relay of ours may want its own address there, so that
    renewals too come by it (RFC 5107)."""
    if not link.relays or message.giaddr == UNSPECIFIED:
        return link.address
    override = address_sub_option(message, SubOption.SERVER_IDENTIFIER_OVERRIDE)
    return override or link.address
