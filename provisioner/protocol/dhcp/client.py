"""Who sends this DHCP message: which stage of a machine's boot, on what kind of machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from provisioner.protocol.dhcp.architecture import (
    Architecture,
    architectures,
    known_architecture,
)
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.options import OptionCode

RAMDISK_VENDOR_CLASS = b"harmony-ramdisk"
_RASPBERRY_PI_OUIS = ("b8:27:eb", "dc:a6:32", "e4:5f:01", "d8:3a:dd", "2c:cf:67")


class ClientKind(StrEnum):
    """The stage of a machine's boot that speaks."""

    PXE = "pxe"
    HTTP_BOOT = "http-boot"
    IPXE = "ipxe"
    RAMDISK = "ramdisk"
    PLAIN = "plain"

    @property
    def boots_over_the_network(self) -> bool:
        """Whether such a client shows by itself that it wants a provisioner."""
        return self is not ClientKind.PLAIN

    @property
    def is_firmware(self) -> bool:
        """Whether it is about to load a boot program or script, and is no operating system."""
        return self in _FIRMWARE


_FIRMWARE = frozenset({ClientKind.PXE, ClientKind.HTTP_BOOT, ClientKind.IPXE})


@dataclass(frozen=True, slots=True)
class Client:
    """`architectures` are the numbers of option 93 as sent; `architecture` is the first that is known.
    `vendor_class` is option 60 with unprintable bytes escaped."""

    mac: str
    kind: ClientKind
    architectures: tuple[int, ...] = ()
    architecture: Architecture | None = None
    uuid: UUID | None = None
    vendor_class: str = ""


def identify(message: Message, mac: str) -> Client:
    """The client as its message describes it."""
    vendor_class = message.option(OptionCode.VENDOR_CLASS) or b""
    numbers = architectures(message.option(OptionCode.CLIENT_ARCHITECTURE) or b"")
    known = None if _is_raspberry_pi(mac, vendor_class) else known_architecture(numbers)
    return Client(
        mac=mac,
        kind=_kind(message, vendor_class),
        architectures=numbers,
        architecture=known,
        uuid=_machine_uuid(message.option(OptionCode.CLIENT_MACHINE_IDENTIFIER)),
        vendor_class=vendor_class.decode("ascii", "backslashreplace"),
    )


def _kind(message: Message, vendor_class: bytes) -> ClientKind:
    if _is_ipxe(message):
        return ClientKind.IPXE
    if vendor_class.startswith(b"PXEClient"):
        return ClientKind.PXE
    if vendor_class.startswith(b"HTTPClient"):
        return ClientKind.HTTP_BOOT
    if vendor_class.startswith(RAMDISK_VENDOR_CLASS):
        return ClientKind.RAMDISK
    return ClientKind.PLAIN


def _is_ipxe(message: Message) -> bool:
    """iPXE sends its user class as raw bytes, not in RFC 3004's form; its user may change the
    class, so that the presence of its own option 175 counts as well (iPXE src/net/udp/dhcp.c)."""
    user_class = message.option(OptionCode.USER_CLASS)
    return user_class in (b"iPXE", b"\x04iPXE") or message.option(OptionCode.ETHERBOOT) is not None


def _is_raspberry_pi(mac: str, vendor_class: bytes) -> bool:
    """A Raspberry Pi's boot ROM says architecture 0, x86 BIOS, and could not run what a PC is given
    (boot EEPROM: option 60 `PXEClient:Arch:00000:UNDI:002001`)."""
    return mac.startswith(_RASPBERRY_PI_OUIS) and vendor_class.startswith(b"PXEClient:Arch:00000")


def _machine_uuid(option: bytes | None) -> UUID | None:
    """Option 97 of type 0 (RFC 4578, 2.3), in the order of bytes that SMBIOS, and so Linux and
    iPXE, show: the first three fields are little-endian on the wire."""
    if option is None or len(option) != 17 or option[0] != 0:
        return None
    return UUID(bytes_le=option[1:])
