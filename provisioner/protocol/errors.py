"""What the protocols say of a packet that breaks its RFC. A PeerError each: counted, logged,
never fatal.

PeerError
└── MalformedPacket
    ├── MalformedDhcpMessage
    ├── MalformedTftpPacket
    ├── MalformedDnsMessage
    ├── MalformedHttpRequest
    └── MalformedNtpPacket
"""

from __future__ import annotations

from inventory.errors import PeerError


class MalformedPacket(PeerError):
    """Bytes from the wire that are not what their protocol says they must be."""


class MalformedDhcpMessage(MalformedPacket):
    """Not a DHCP message (RFC 2131, 2132)."""


class MalformedTftpPacket(MalformedPacket):
    """Not a TFTP packet (RFC 1350, 2347)."""


class MalformedDnsMessage(MalformedPacket):
    """Not a DNS message (RFC 1035)."""


class MalformedHttpRequest(MalformedPacket):
    """Not a request that can be served (RFC 9110, 9112); `status` is what the client is told."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class MalformedNtpPacket(MalformedPacket):
    """Not an NTP packet (RFC 5905)."""
