from __future__ import annotations

from uuid import UUID

import pytest

from provisioner.protocol.dhcp.architecture import ARCHITECTURES
from provisioner.protocol.dhcp.client import Client, ClientKind, identify
from provisioner.protocol.dhcp.message import Options
from tests.provisioner.protocol.dhcp.samples import CP1, DISCOVER, STRANGER, message, packet

pytestmark = pytest.mark.unit

UUID_OF_GUEST = UUID("12345678-9abc-def0-1122-334455667788")


@pytest.mark.parametrize(
    ("name", "kind", "architecture", "vendor_class"),
    [
        ("seabios-ipxe-discover", ClientKind.IPXE, 0x00, "Arch:00000:UNDI:002001"),
        ("ovmf-rom-ipxe-request", ClientKind.IPXE, 0x07, "Arch:00007:UNDI:003010"),
        ("ovmf-ipxe-discover", ClientKind.IPXE, 0x07, "Arch:00007:UNDI:003010"),
        ("ovmf-pxe-discover", ClientKind.PXE, 0x07, "Arch:00007:UNDI:003000"),
    ],
)
def test_firmware_is_recognised(
    name: str, kind: ClientKind, architecture: int, vendor_class: str
) -> None:
    assert identify(packet(name), CP1) == Client(
        mac=CP1,
        kind=kind,
        architectures=(architecture,),
        architecture=ARCHITECTURES[architecture],
        uuid=UUID_OF_GUEST,
        vendor_class="PXEClient:" + vendor_class,
    )


def test_http_boot_is_recognised() -> None:
    client = identify(packet("ovmf-http-boot-discover"), CP1)
    assert client.kind is ClientKind.HTTP_BOOT
    assert client.architecture is ARCHITECTURES[0x10]
    assert client.vendor_class == "HTTPClient:Arch:00016:UNDI:003000"


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (((60, b"PXEClient"), (77, b"iPXE")), ClientKind.IPXE),
        (((60, b"PXEClient"), (77, b"\x04iPXE")), ClientKind.IPXE),
        (((60, b"PXEClient"), (77, b"mine"), (175, b"\xb1\x01\x00")), ClientKind.IPXE),
        (((60, b"PXEClient"), (77, b"mine")), ClientKind.PXE),
        (((60, b"harmony-ramdisk"),), ClientKind.RAMDISK),
        (((60, b"MSFT 5.0"),), ClientKind.PLAIN),
        ((), ClientKind.PLAIN),
    ],
)
def test_kinds(options: Options, kind: ClientKind) -> None:
    client = identify(message(DISCOVER, options=options), STRANGER)
    assert client.kind is kind
    assert client.kind.boots_over_the_network is (kind is not ClientKind.PLAIN)


def test_a_raspberry_pi_is_no_pc() -> None:
    """Its boot EEPROM sends the very option 60 that iPXE sends under SeaBIOS; the MAC tells."""
    options = ((60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"))
    pi = identify(message(DISCOVER, options=options), "dc:a6:32:01:02:03")
    pc = identify(message(DISCOVER, options=options), STRANGER)
    assert (pi.architecture, pi.architectures) == (None, (0,))
    assert pc.architecture is ARCHITECTURES[0]


@pytest.mark.parametrize("value", [b"", b"\0", b"\1" + bytes(16), bytes(16), bytes(18)])
def test_an_odd_machine_identifier_is_none(value: bytes) -> None:
    assert identify(message(DISCOVER, options=((97, value),)), STRANGER).uuid is None


def test_unprintable_vendor_classes_are_escaped() -> None:
    client = identify(message(DISCOVER, options=((60, b"a\xff"),)), STRANGER)
    assert client.vendor_class == "a\\xff"
