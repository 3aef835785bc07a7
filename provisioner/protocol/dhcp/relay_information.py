"""Option 82, what a relay or switch adds: where the client is plugged in, and which subnet it is in.

Sub-options as in RFC 3046 (1 circuit, 2 remote), RFC 3527 (5 link selection), RFC 5107 (11 server
identifier override). Reading is total: what runs past the end is passed over.
"""

from __future__ import annotations

from enum import IntEnum
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.options import OptionCode


class SubOption(IntEnum):
    """By IANA's number."""

    CIRCUIT_ID = 1
    REMOTE_ID = 2
    LINK_SELECTION = 5
    SERVER_IDENTIFIER_OVERRIDE = 11


def sub_option(message: Message, code: SubOption) -> bytes | None:
    """The value of a sub-option of the message's option 82."""
    information = message.option(OptionCode.RELAY_AGENT_INFORMATION)
    return None if information is None else _value(information, code)


def address_sub_option(message: Message, code: SubOption) -> IPv4Address | None:
    """The value of one that is an address; None if it isn't four bytes."""
    value = sub_option(message, code)
    return IPv4Address(value) if value is not None and len(value) == 4 else None


def _value(information: bytes, code: int) -> bytes | None:
    at = 0
    while at + 2 <= len(information):
        end = at + 2 + information[at + 1]
        if information[at] == code and end <= len(information):
            return information[at + 2 : end]
        at = end
    return None
