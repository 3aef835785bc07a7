from __future__ import annotations

from ipaddress import IPv4Address
from uuid import UUID

import pytest

from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.event import (
    Acknowledged,
    AddressDeclined,
    AddressReleased,
    DhcpEvent,
    DhcpMessageIgnored,
    DiscoverHeard,
    NoBootProgram,
    OfferSent,
    Refused,
    RequestHeard,
)
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.narration import heard, outcome
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DECLINE,
    DISCOVER,
    INFORM,
    LINK,
    NOW,
    RELEASE,
    REQUEST,
    SERVER,
    STRANGER,
    message,
    packet,
    table,
)

pytestmark = pytest.mark.unit

A = IPv4Address("10.7.0.100")
GUEST = UUID("12345678-9abc-def0-1122-334455667788")
SCRIPT = (
    "http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11"
    "&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
)
RESERVED = "the address is reserved for this machine"
LEASED = table((STRANGER, "10.7.0.100", 60.0))


@pytest.mark.parametrize(
    ("asked", "leases", "told"),
    [
        (
            packet("ovmf-pxe-discover"),
            LeaseTable(),
            (
                DiscoverHeard(
                    CP1, ClientKind.PXE, 7, "uefi", GUEST, "PXEClient:Arch:00007:UNDI:003000"
                ),
                OfferSent(CP1, CP1_ADDRESS, "snponly.efi", RESERVED),
            ),
        ),
        (
            packet("seabios-ipxe-request"),
            LeaseTable(),
            (
                RequestHeard(CP1, ClientKind.IPXE, CP1_ADDRESS, GUEST),
                Acknowledged(CP1, CP1_ADDRESS, SCRIPT, NOW + 3600, RESERVED),
            ),
        ),
        (
            message(DISCOVER, CP1),
            LeaseTable(),
            (
                DiscoverHeard(CP1, ClientKind.PLAIN, None, None, None, ""),
                OfferSent(CP1, CP1_ADDRESS, "", RESERVED),
            ),
        ),
        (
            message(INFORM, CP1, ciaddr=A),
            LeaseTable(),
            (
                RequestHeard(CP1, ClientKind.PLAIN, A, None),
                Acknowledged(
                    CP1, A, "", None, "it has its address already and asked for the options"
                ),
            ),
        ),
        (
            message(REQUEST, CP1, requested=A),
            LeaseTable(),
            (
                RequestHeard(CP1, ClientKind.PLAIN, A, None),
                Refused(CP1, A, "it asks for an address that isn't its own"),
            ),
        ),
        (
            message(RELEASE, server=SERVER, ciaddr=A),
            LEASED,
            (AddressReleased(STRANGER, A),),
        ),
        (
            message(DECLINE, server=SERVER, requested=A),
            LEASED,
            (AddressDeclined(STRANGER, A),),
        ),
        (
            message(DISCOVER, CP1, options=((60, b"PXEClient:Arch:00011"), (93, b"\0\x0b"))),
            LeaseTable(),
            (
                DiscoverHeard(CP1, ClientKind.PXE, 11, "uefi", None, "PXEClient:Arch:00011"),
                OfferSent(CP1, CP1_ADDRESS, "", RESERVED),
                NoBootProgram(CP1, 11, "PXEClient:Arch:00011", "snponly-arm64.efi, ipxe-arm64.efi"),
            ),
        ),
        (
            message(DISCOVER, CP1, options=((60, b"PXEClient:Arch:32767"), (93, b"\x7f\xff"))),
            LeaseTable(),
            (
                DiscoverHeard(CP1, ClientKind.PXE, 32767, None, None, "PXEClient:Arch:32767"),
                OfferSent(CP1, CP1_ADDRESS, "", RESERVED),
                NoBootProgram(CP1, 32767, "PXEClient:Arch:32767", ""),
            ),
        ),
        (
            message(DISCOVER, options=((60, b"dhcpcd"),)),
            LeaseTable(),
            (
                DhcpMessageIgnored(
                    STRANGER,
                    "DISCOVER",
                    "its MAC isn't declared and it doesn't boot over the network",
                    "dhcpcd",
                ),
            ),
        ),
    ],
)
def test_what_is_told(asked: Message, leases: LeaseTable, told: tuple[DhcpEvent, ...]) -> None:
    decision = decide(asked, LINK, leases, NOW)
    assert (*heard(asked, decision), *outcome(asked, decision)) == told
