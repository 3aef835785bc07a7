"""Rules that write the options of a reply, other than those of booting."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Options
from provisioner.protocol.dhcp.options import OptionCode
from provisioner.protocol.dhcp.question import Question, ReplyDraft, Stage
from provisioner.protocol.dhcp.relay import server_identifier_of

_MOST_WRITTEN = 256
"""Different parameter request lists: firmware and systems have a few, a client may make up any."""
_OF_BOOTING = frozenset(
    {
        OptionCode.VENDOR_SPECIFIC,
        OptionCode.VENDOR_CLASS,
        OptionCode.TFTP_SERVER_NAME,
        OptionCode.BOOT_FILE_NAME,
        OptionCode.TFTP_SERVER_ADDRESS,
    }
)


def server_identifier(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """Every reply says who answers (RFC 2131, table 3)."""
    own = server_identifier_of(question.message, question.link)
    return draft.with_option(OptionCode.SERVER_IDENTIFIER, own.packed)


def lease_times(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """Renew at half, rebind at seven eighths (RFC 2131, 4.4.5); an INFORM gets no lease (4.3.5)."""
    if question.stage is Stage.INFORMING:
        return draft
    lease = question.link.lease_time
    return draft.with_options(
        (
            (OptionCode.LEASE_TIME, struct.pack("!I", lease)),
            (OptionCode.RENEWAL_TIME, struct.pack("!I", lease // 2)),
            (OptionCode.REBINDING_TIME, struct.pack("!I", lease * 7 // 8)),
        )
    )


def network(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """The subnet's mask always; router, name servers and the rest where declared and asked for."""
    wanted = question.message.option(OptionCode.PARAMETER_REQUEST_LIST) or None
    key = (wanted, question.client.kind.is_firmware)
    written = question.link.written
    options = written.get(key)
    if options is None:
        options = _network_options(question.link, *key)
        if len(written) < _MOST_WRITTEN:
            written[key] = options
    return draft.with_options(options)


def _network_options(link: Link, wanted: bytes | None, is_firmware: bool) -> Options:
    """A client without a parameter request list wants all. What firmware boots is ours to say."""
    gateway = () if link.gateway is None else (link.gateway,)
    offered = (
        (OptionCode.BROADCAST_ADDRESS, link.subnet.broadcast_address.packed),
        (OptionCode.ROUTER, _packed(gateway)),
        (OptionCode.DOMAIN_NAME_SERVER, _packed(link.dns or (link.address,))),
        (OptionCode.DOMAIN_NAME, (link.domain or "").encode("ascii")),
        (OptionCode.INTERFACE_MTU, b"" if link.mtu is None else struct.pack("!H", link.mtu)),
        (OptionCode.NTP_SERVERS, _packed(link.ntp)),
        *(one for one in link.options if not (is_firmware and one[0] in _OF_BOOTING)),
    )
    asked = (one for one in offered if one[1] and (wanted is None or one[0] in wanted))
    return ((OptionCode.SUBNET_MASK, link.subnet.netmask.packed), *asked)


def hostname(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """The declared name, asked for or not: a node named `localhost` joins no cluster."""
    declared = question.reservation
    if declared is None or declared.hostname is None:
        return draft
    return draft.with_option(OptionCode.HOST_NAME, declared.hostname.encode("ascii"))


def echoes(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """What a server gives back unchanged: client identifier (RFC 6842), machine identifier (RFC
    4578) and, last, the relay's information (RFC 3046, 2.2)."""
    for code in (
        OptionCode.CLIENT_IDENTIFIER,
        OptionCode.CLIENT_MACHINE_IDENTIFIER,
        OptionCode.RELAY_AGENT_INFORMATION,
    ):
        value = question.message.option(code)
        if value is not None:
            draft = draft.with_option(code, value)
    return draft


def _packed(addresses: Iterable[IPv4Address]) -> bytes:
    return b"".join(address.packed for address in addresses)
