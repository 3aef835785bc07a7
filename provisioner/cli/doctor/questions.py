"""DHCP messages by scapy: what a machine's firmware and iPXE ask, and what is answered (RFC 2131, 4578)."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import Any

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from provisioner.cli.doctor.observation import NOWHERE, Asked, Offer

EVERYBODY = "ff:ff:ff:ff:ff:ff"
OFFER, REQUEST, ACK, NAK, RELEASE = 2, 3, 5, 6, 7
_DISCOVER = 1
_WANTED = bytes(
    (1, 3, 6, 12, 15, 26, 28, 43, 51, 54, 58, 59, 60, 66, 67, 97, 114, 119, 121, 150, 175)
)
_IPXE = bytes((0xB1, 5, 1, 0x1A, 0xF4, 0x10, 0x00, 0x13, 1, 1, 0x15, 1, 1))
"""Of its option 175: the card on its bus; it has HTTP and TFTP."""


@dataclass(frozen=True, slots=True)
class _Says:
    architecture: int
    vendor_class: bytes
    user_class: bytes = b""


_KINDS = {
    Asked.BIOS: _Says(0, b"PXEClient:Arch:00000:UNDI:002001"),
    Asked.UEFI: _Says(7, b"PXEClient:Arch:00007:UNDI:003000"),
    Asked.IPXE: _Says(0, b"PXEClient:Arch:00000:UNDI:002001", b"iPXE"),
    Asked.UEFI_HTTP: _Says(16, b"HTTPClient:Arch:00016:UNDI:003000"),
}


def discover(asked: Asked, mac: str, xid: int, seconds: int) -> bytes:
    """The frame of a DISCOVER; `seconds` is how long it has been asking."""
    options = [(53, bytes([_DISCOVER])), *_identity(asked, mac)]
    return _frame(mac, _bootp(mac, xid, seconds), options)


def request(offer: Offer, mac: str, xid: int) -> bytes:
    """The frame of a REQUEST that takes the offer (RFC 2131, 4.3.2, SELECTING)."""
    chosen = [(50, socket.inet_aton(offer.address)), (54, socket.inet_aton(offer.server))]
    options = [(53, bytes([REQUEST])), *chosen, *_identity(offer.asked, mac)]
    return _frame(mac, _bootp(mac, xid, 0), options)


def release(offer: Offer, mac: str, xid: int) -> bytes:
    """The payload of a RELEASE, to be sent from the address to the server."""
    options = [(53, bytes([RELEASE])), (54, socket.inet_aton(offer.server))]
    return bytes(BOOTP(**_bootp(mac, xid, 0, offer.address)) / DHCP(options=[*options, "end"]))


def reply(frame: bytes, asked: dict[int, Asked], after: float) -> tuple[int, Offer] | None:
    """The type and the content of an answer to one of the xids; None for any other frame, and for bytes
    that scapy can't read."""
    try:
        packet = Ether(frame)
        if DHCP not in packet or packet[BOOTP].op != 2 or packet[BOOTP].xid not in asked:
            return None
        return _read(packet, asked[packet[BOOTP].xid], after)
    except (ValueError, IndexError, KeyError, TypeError, struct.error, AttributeError):
        return None


def _identity(asked: Asked, mac: str) -> list[tuple[int, bytes]]:
    says = _KINDS[asked]
    told = [
        (57, (1472).to_bytes(2, "big")),
        (55, _WANTED),
        (60, says.vendor_class),
        (93, says.architecture.to_bytes(2, "big")),
        (94, bytes((1, 3, 0))),
        (97, bytes(11) + _raw(mac)),
    ]
    return [*told, (77, says.user_class), (175, _IPXE)] if says.user_class else told


def _bootp(mac: str, xid: int, seconds: int, address: str = NOWHERE) -> dict[str, Any]:
    broadcast = 0x8000 if address == NOWHERE else 0
    chaddr = _raw(mac) + bytes(10)
    return {"chaddr": chaddr, "xid": xid, "secs": seconds, "flags": broadcast, "ciaddr": address}


def _frame(mac: str, fields: dict[str, Any], options: list[tuple[int, bytes]]) -> bytes:
    addresses = IP(src=NOWHERE, dst="255.255.255.255")
    message = BOOTP(**fields) / DHCP(options=[*options, "end"])
    return bytes(Ether(src=mac, dst=EVERYBODY) / addresses / UDP(sport=68, dport=67) / message)


def _raw(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def _read(packet: Any, asked: Asked, after: float) -> tuple[int, Offer]:
    told: dict[Any, tuple[Any, ...]] = {one[0]: one[1:] for one in packet[DHCP].options if one[1:]}
    overloaded = "dhcp-option-overload" in told

    def text(name: str) -> str:
        return _text(told[name][0]) if name in told else ""

    def number(name: str) -> int | None:
        return int(told[name][0]) if name in told else None

    offer = Offer(
        asked=asked,
        server_mac=packet[Ether].src,
        source=packet[IP].src,
        server_id=text("server_id"),
        address=packet[BOOTP].yiaddr,
        next_server=packet[BOOTP].siaddr,
        file="" if overloaded else _text(packet[BOOTP].file),
        tftp_server=text("tftp_server_name"),
        boot_file=text("boot-file-name"),
        vendor_class=text("vendor_class_id"),
        mask=text("subnet_mask"),
        router=text("router"),
        dns=tuple(map(str, told.get("name_server", ()))),
        lease_time=number("lease_time"),
        renewal=number("renewal_time"),
        rebinding=number("rebinding_time"),
        after=after,
    )
    return int(told["message-type"][0]), offer


def _text(value: Any) -> str:
    raw = value if isinstance(value, bytes) else str(value).encode()
    return raw.split(b"\0")[0].decode("ascii", "backslashreplace")
