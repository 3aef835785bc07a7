"""The DHCP decision: one ordered tuple of rules, folded over one message. No I/O, no clock.

A rule sees the question and the reply drafted so far; it returns the draft, written on, or ends the
matter: with a Drop (silence) or a Refusal (a DHCPNAK to a client of ours, silence to any other).
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.address import (
    address_before,
    agreement,
    pool,
    renewal,
    reservation,
)
from provisioner.protocol.dhcp.admission import (
    may_refuse,
    only_our_choice,
    only_our_clients,
    only_running_leases,
    only_this_network,
)
from provisioner.protocol.dhcp.client import identify
from provisioner.protocol.dhcp.decision import (
    Answer,
    Broadcast,
    Decision,
    Destination,
    Drop,
    Reason,
    Unicast,
    UnicastFrame,
)
from provisioner.protocol.dhcp.layout import laid_out
from provisioner.protocol.dhcp.lease import (
    Bound,
    Declined,
    Lease,
    LeaseChange,
    LeaseTable,
    Offered,
    Released,
)
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import BROADCAST_FLAG, UNSPECIFIED, Message
from provisioner.protocol.dhcp.netboot import netboot
from provisioner.protocol.dhcp.options import MessageType, Operation, OptionCode
from provisioner.protocol.dhcp.parameters import (
    echoes,
    hostname,
    lease_times,
    network,
    server_identifier,
)
from provisioner.protocol.dhcp.question import Question, ReplyDraft, Rule, Stage
from provisioner.protocol.dhcp.relay import server_identifier_of

RULES: tuple[Rule, ...] = (
    only_this_network,
    only_our_choice,
    only_running_leases,
    only_our_clients,
    renewal,
    reservation,
    address_before,
    pool,
    agreement,
    server_identifier,
    lease_times,
    network,
    hostname,
    netboot,
    echoes,
)

OFFER_HELD_FOR = 60.0
"""Seconds that an offered address is kept; firmware's slowest REQUEST comes within 10."""
DISPUTED_FOR = 300.0
"""Seconds that nobody gets an address which a client found in use."""

_REPLIES = {
    Stage.DISCOVERING: MessageType.OFFER,
    Stage.SELECTING: MessageType.ACK,
    Stage.REBOOTING: MessageType.ACK,
    Stage.RENEWING: MessageType.ACK,
    Stage.INFORMING: MessageType.ACK,
}


def decide(message: Message, link: Link, leases: LeaseTable, now: float) -> Decision:
    """What to answer, and which lease changes with it. `now` in epoch seconds. Total: it never
    raises."""
    if message.op is not Operation.BOOTREQUEST:
        return Drop(Reason.NOT_A_REQUEST)
    mac = message.mac
    if mac is None:
        return Drop(Reason.NOT_ETHERNET, f"type {message.htype}, {len(message.chaddr)} bytes")
    match message.message_type:
        case MessageType.RELEASE:
            return _released(message, mac, link, leases, now)
        case MessageType.DECLINE:
            return _declined(message, mac, link, leases, now)
        case MessageType.DISCOVER | MessageType.REQUEST | MessageType.INFORM:
            client = identify(message, mac)
            return _answered(Question(message, stage_of(message), client, link, leases, now))
        case _:
            return Drop(Reason.NOT_DHCP)


def stage_of(message: Message) -> Stage:
    """What the client is at, by RFC 2131's table in 4.3.2."""
    match message.message_type:
        case MessageType.DISCOVER:
            return Stage.DISCOVERING
        case MessageType.INFORM:
            return Stage.INFORMING
        case _:
            if message.option(OptionCode.SERVER_IDENTIFIER) is not None:
                return Stage.SELECTING
            return Stage.REBOOTING if message.ciaddr == UNSPECIFIED else Stage.RENEWING


def _answered(question: Question) -> Decision:
    draft = ReplyDraft()
    for rule in RULES:
        outcome = rule(question, draft)
        if isinstance(outcome, ReplyDraft):
            draft = outcome
        elif isinstance(outcome, Drop):
            return outcome
        else:
            return _refused(question, outcome.reason)
    return _reply(question, draft)


def _reply(question: Question, draft: ReplyDraft) -> Answer:
    message = question.message
    kind = (OptionCode.MESSAGE_TYPE, bytes([_REPLIES[question.stage]]))
    layout = laid_out((kind, *draft.options), draft.boot_file, message, question.link.mtu)
    reply = Message(
        op=Operation.BOOTREPLY,
        xid=message.xid,
        chaddr=message.chaddr,
        options=layout.options,
        flags=message.flags,
        ciaddr=UNSPECIFIED if question.stage is Stage.DISCOVERING else message.ciaddr,
        yiaddr=draft.address or UNSPECIFIED,
        siaddr=draft.next_server,
        giaddr=message.giaddr,
        sname=layout.sname,
        file=layout.file,
    )
    destination = _destination(message, question.client.mac, reply.yiaddr)
    return Answer(reply, destination, _change(question, draft), draft.reason, question.client)


def _change(question: Question, draft: ReplyDraft) -> LeaseChange | None:
    if draft.address is None:
        return None
    mac, now = question.client.mac, question.now
    if question.stage is Stage.DISCOVERING:
        return Offered(Lease(mac, draft.address, now + OFFER_HELD_FOR))
    return Bound(Lease(mac, draft.address, now + question.link.lease_time))


def _refused(question: Question, reason: Reason) -> Decision:
    """A DHCPNAK is broadcast (RFC 2131, 4.1), or given to the relay, which the flag tells to broadcast
    it (4.3.2)."""
    if not may_refuse(question):
        return Drop(reason, str(question.claim))
    message = question.message
    nak = (OptionCode.MESSAGE_TYPE, bytes([MessageType.NAK]))
    draft = echoes(question, server_identifier(question, ReplyDraft(options=(nak,))))
    layout = laid_out(draft.options, b"", message, question.link.mtu)
    reply = Message(
        op=Operation.BOOTREPLY,
        xid=message.xid,
        chaddr=message.chaddr,
        options=layout.options,
        flags=message.flags if message.giaddr == UNSPECIFIED else BROADCAST_FLAG,
        giaddr=message.giaddr,
        sname=layout.sname,
        file=layout.file,
    )
    to_client = replace(message, ciaddr=UNSPECIFIED, flags=BROADCAST_FLAG)
    return Answer(reply, _destination(to_client, question.client.mac, UNSPECIFIED), None, reason)


def _destination(message: Message, mac: str, address: IPv4Address) -> Destination:
    """RFC 2131, 4.1: the relay, the client's own address, everybody, or its MAC; in that order."""
    if message.giaddr != UNSPECIFIED:
        return Unicast(message.giaddr, 67)
    if message.ciaddr != UNSPECIFIED:
        return Unicast(message.ciaddr)
    if message.wants_broadcast or address == UNSPECIFIED:
        return Broadcast()
    return UnicastFrame(mac, address)


def _released(message: Message, mac: str, link: Link, leases: LeaseTable, now: float) -> Drop:
    """A RELEASE is never answered (RFC 2131, 4.3.4); one of a lease that isn't on record changes
    nothing."""
    named = message.address_option(OptionCode.SERVER_IDENTIFIER)
    record = leases.lease_of(mac)
    if named not in (link.address, server_identifier_of(message, link)):
        return Drop(Reason.OTHER_SERVER, str(named))
    if record is None or record.address != message.ciaddr:
        return Drop(Reason.NOTHING_ON_RECORD, str(message.ciaddr))
    change = Released(mac, message.ciaddr, now)
    return Drop(Reason.RELEASED, str(message.ciaddr), change)


def _declined(message: Message, mac: str, link: Link, leases: LeaseTable, now: float) -> Drop:
    """A DECLINE counts only from the MAC that has or was offered the address: anybody could send
    one."""
    named = message.address_option(OptionCode.SERVER_IDENTIFIER)
    address = message.address_option(OptionCode.REQUESTED_ADDRESS)
    if named not in (link.address, server_identifier_of(message, link)) or address is None:
        return Drop(Reason.OTHER_SERVER, str(named))
    record, offer = leases.lease_of(mac), leases.offer_of(int(address))
    has_it = record is not None and record.address == address
    was_offered = offer is not None and offer.mac == mac
    if not (has_it or was_offered):
        return Drop(Reason.NOTHING_ON_RECORD, str(address))
    change = Declined(mac, address, now + DISPUTED_FOR)
    return Drop(Reason.DECLINED, str(address), change)
