"""From a message and the decision about it to the events that tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from provisioner.protocol.dhcp.client import Client, identify
from provisioner.protocol.dhcp.decision import Answer, Decision, Drop, Reason
from provisioner.protocol.dhcp.event import (
    Acknowledged,
    AddressDeclined,
    AddressReleased,
    DhcpMessageIgnored,
    DiscoverHeard,
    NoBootProgram,
    OfferSent,
    Refused,
    RequestHeard,
)
from provisioner.protocol.dhcp.lease import Bound, Declined, Released
from provisioner.protocol.dhcp.message import UNSPECIFIED, Message
from provisioner.protocol.dhcp.options import MessageType, OptionCode

Heard: TypeAlias = DiscoverHeard | RequestHeard
Told: TypeAlias = (
    OfferSent
    | Acknowledged
    | Refused
    | AddressReleased
    | AddressDeclined
    | DhcpMessageIgnored
    | NoBootProgram
)


def heard(message: Message, decision: Decision) -> tuple[Heard, ...]:
    """What a client of ours said, when it was answered; somebody else's is only told as ignored."""
    mac = message.mac
    if mac is None or not isinstance(decision, Answer):
        return ()
    client = decision.client or identify(message, mac)
    if message.message_type is MessageType.DISCOVER:
        return (_discover(client),)
    wanted = message.address_option(OptionCode.REQUESTED_ADDRESS)
    if wanted is None and message.ciaddr != UNSPECIFIED:
        wanted = message.ciaddr
    return (RequestHeard(mac, client.kind, wanted, client.uuid),)


def outcome(message: Message, decision: Decision) -> tuple[Told, ...]:
    """What was done about it."""
    match decision:
        case Answer():
            return (_told(message, decision), *_without_program(message, decision))
        case Drop():
            return (_dropped(message, decision),)
        case _:
            assert_never(decision)


def _discover(client: Client) -> DiscoverHeard:
    known = client.architecture
    return DiscoverHeard(
        mac=client.mac,
        client=client.kind,
        architecture=client.architectures[0] if client.architectures else None,
        firmware=None if known is None else known.firmware.value,
        uuid=client.uuid,
        vendor_class=client.vendor_class,
    )


def _told(message: Message, answer: Answer) -> OfferSent | Acknowledged | Refused:
    mac, reply = message.mac or "", answer.reply
    boot_file = (reply.option(OptionCode.BOOT_FILE_NAME) or b"").decode("ascii", "backslashreplace")
    reason = answer.reason.value
    if reply.message_type is MessageType.NAK:
        return Refused(mac, message.address_option(OptionCode.REQUESTED_ADDRESS), reason)
    if reply.message_type is MessageType.OFFER:
        return OfferSent(mac, reply.yiaddr, boot_file, reason)
    change = answer.lease_change
    if isinstance(change, Bound):
        return Acknowledged(mac, reply.yiaddr, boot_file, change.lease.expires, reason)
    return Acknowledged(mac, message.ciaddr, boot_file, None, reason)


def _without_program(message: Message, answer: Answer) -> Iterator[NoBootProgram]:
    """Firmware that is offered an address and nothing to load, told once a boot."""
    reply = answer.reply
    if reply.message_type is not MessageType.OFFER or reply.siaddr != UNSPECIFIED:
        return
    if answer.reason is Reason.NETBOOT_OFF:
        return
    client = answer.client or identify(message, message.mac or "")
    if client.kind.is_firmware:
        yield without_program(client)


def without_program(client: Client) -> NoBootProgram:
    """Firmware for which there is nothing to load."""
    numbers, known = client.architectures, client.architecture
    return NoBootProgram(
        mac=client.mac,
        architecture=numbers[0] if numbers else None,
        vendor_class=client.vendor_class,
        runs="" if known is None else ", ".join(known.programs),
    )


def _dropped(
    message: Message, drop: Drop
) -> AddressReleased | AddressDeclined | DhcpMessageIgnored:
    match drop.lease_change:
        case Released(mac, address, _):
            return AddressReleased(mac, address)
        case Declined(mac, address, _):
            return AddressDeclined(mac, address)
        case _:
            kind = message.message_type
            named = "" if kind is None else kind.name
            sender = message.mac or message.chaddr.hex(":")
            return DhcpMessageIgnored(sender, named, drop.reason.value, drop.detail)
