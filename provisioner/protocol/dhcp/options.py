"""DHCP option codes, message types and the other numbers of RFC 2132 and its successors."""

from __future__ import annotations

from enum import IntEnum


class OptionCode(IntEnum):
    """Options by their IANA number; the RFC that defines each is RFC 2132 unless said."""

    PAD = 0
    SUBNET_MASK = 1
    ROUTER = 3
    DOMAIN_NAME_SERVER = 6
    HOST_NAME = 12
    DOMAIN_NAME = 15
    INTERFACE_MTU = 26
    BROADCAST_ADDRESS = 28
    NTP_SERVERS = 42
    VENDOR_SPECIFIC = 43
    REQUESTED_ADDRESS = 50
    LEASE_TIME = 51
    OVERLOAD = 52
    MESSAGE_TYPE = 53
    SERVER_IDENTIFIER = 54
    PARAMETER_REQUEST_LIST = 55
    MESSAGE = 56
    MAXIMUM_MESSAGE_SIZE = 57
    RENEWAL_TIME = 58
    REBINDING_TIME = 59
    VENDOR_CLASS = 60
    CLIENT_IDENTIFIER = 61
    TFTP_SERVER_NAME = 66
    BOOT_FILE_NAME = 67
    USER_CLASS = 77  # RFC 3004
    RELAY_AGENT_INFORMATION = 82  # RFC 3046
    CLIENT_ARCHITECTURE = 93  # RFC 4578
    CLIENT_NDI = 94  # RFC 4578
    CLIENT_MACHINE_IDENTIFIER = 97  # RFC 4578
    CAPTIVE_PORTAL = 114  # RFC 8910
    DOMAIN_SEARCH = 119  # RFC 3397
    CLASSLESS_ROUTES = 121  # RFC 3442
    TFTP_SERVER_ADDRESS = 150  # RFC 5859
    ETHERBOOT = 175  # iPXE's encapsulated options; tentative at IANA
    END = 255


class MessageType(IntEnum):
    """Option 53 (RFC 2132, 9.6)."""

    DISCOVER = 1
    OFFER = 2
    REQUEST = 3
    DECLINE = 4
    ACK = 5
    NAK = 6
    RELEASE = 7
    INFORM = 8


class Operation(IntEnum):
    """The header field `op`."""

    BOOTREQUEST = 1
    BOOTREPLY = 2
