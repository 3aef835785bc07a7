"""What real firmware sent, from its bytes to the bytes of our whole answer."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

import pytest

from inventory.host import Firmware
from provisioner.protocol.dhcp.architecture import ARCHITECTURES, Architecture
from provisioner.protocol.dhcp.client import ClientKind, identify
from provisioner.protocol.dhcp.decision import Answer, Broadcast, Destination, UnicastFrame
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.message import Message, Options, encode
from provisioner.protocol.dhcp.options import Operation
from tests.provisioner.protocol.dhcp.samples import CP1, CP1_ADDRESS, LINK, NOW, SERVER, packet

pytestmark = pytest.mark.unit

SCRIPT = (
    b"http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11"
    b"&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
)
HTTP_PROGRAM = b"http://10.7.0.1/ipxe/snponly.efi"
UUID = (97, bytes.fromhex("0078563412bc9af0de1122334455667788"))
OWN_ID = (61, bytes.fromhex("01525400070011"))
BROADCAST_ADDRESS = (28, IPv4Address("10.7.0.255").packed)
LEASE: Options = (
    (54, SERVER.packed),
    *((code, struct.pack("!I", seconds)) for code, seconds in ((51, 3600), (58, 1800), (59, 3150))),
    (1, IPv4Address("255.255.255.0").packed),
    (6, SERVER.packed),
    (12, b"cp1"),
    (15, b"home.example"),
)
TO_ITS_MAC, TO_ALL = UnicastFrame(CP1, CP1_ADDRESS), Broadcast()


@dataclass(frozen=True, slots=True)
class Spoken:
    """`sent` is what the names of its captures begin with."""

    sent: str
    kind: ClientKind
    architecture: Architecture
    firmware: Firmware
    destination: Destination
    file: bytes
    options: Options


IPXE_OPTIONS: Options = (*LEASE, (67, SCRIPT), (175, b"\xb0\1\1"), OWN_ID, UUID)
PXE_OPTIONS: Options = (*LEASE, BROADCAST_ADDRESS, (66, b"10.7.0.1"), (67, b"snponly.efi"), UUID)
HTTP_OPTIONS: Options = (
    *(*LEASE, BROADCAST_ADDRESS),
    *((60, b"HTTPClient"), (67, HTTP_PROGRAM), UUID),
)
BIOS, UEFI = Firmware.BIOS, Firmware.UEFI
X86, X64, X64_HTTP = (ARCHITECTURES[number] for number in (0x00, 0x07, 0x10))
IPXE = ClientKind.IPXE
SPOKEN = (
    Spoken("seabios-ipxe", IPXE, X86, BIOS, TO_ITS_MAC, SCRIPT, IPXE_OPTIONS),
    Spoken("undionly-ipxe", IPXE, X86, BIOS, TO_ALL, SCRIPT, IPXE_OPTIONS),
    Spoken("ovmf-rom-ipxe", IPXE, X64, UEFI, TO_ITS_MAC, SCRIPT, IPXE_OPTIONS),
    Spoken("ovmf-ipxe", IPXE, X64, UEFI, TO_ITS_MAC, SCRIPT, IPXE_OPTIONS),
    Spoken("ovmf-pxe", ClientKind.PXE, X64, UEFI, TO_ALL, b"snponly.efi", PXE_OPTIONS),
    Spoken(
        *("ovmf-http-boot", ClientKind.HTTP_BOOT, X64_HTTP, UEFI, TO_ALL),
        *(HTTP_PROGRAM, HTTP_OPTIONS),
    ),
)


def answered(message: Message) -> Answer:
    decision = decide(message, LINK, LeaseTable(), NOW)
    assert isinstance(decision, Answer)
    return decision


@pytest.mark.parametrize("spoken", SPOKEN, ids=lambda spoken: spoken.sent)
@pytest.mark.parametrize(("asked", "kind"), [("discover", b"\2"), ("request", b"\5")])
def test_the_whole_answer(spoken: Spoken, asked: str, kind: bytes) -> None:
    message = packet(f"{spoken.sent}-{asked}")
    client = identify(message, CP1)
    assert (client.kind, client.architecture) == (spoken.kind, spoken.architecture)
    assert spoken.architecture.firmware is spoken.firmware
    answer = answered(message)
    assert answer.destination == spoken.destination
    assert answer.reply == Message(
        op=Operation.BOOTREPLY,
        xid=message.xid,
        chaddr=message.chaddr,
        options=((53, kind), *spoken.options),
        flags=message.flags,
        yiaddr=CP1_ADDRESS,
        siaddr=SERVER,
        file=spoken.file,
    )
    assert 300 <= len(encode(answer.reply)) <= 548


@pytest.mark.parametrize("user_class", [b"iPXE", b"\4iPXE", b"\5other\4iPXE", b"mine", None])
@pytest.mark.parametrize("sent", ["undionly-ipxe-discover", "ovmf-ipxe-request"])
def test_ipxe_is_known_however_it_says_its_user_class(sent: str, user_class: bytes | None) -> None:
    """Raw as iPXE sends it, in RFC 3004's form, changed by its user or left out: its own option 175 tells,
    so that it is never given iPXE again."""
    captured = packet(sent)
    others = tuple(option for option in captured.options if option[0] != 77)
    respelled = others if user_class is None else (*others, (77, user_class))
    reply = answered(replace(captured, options=respelled)).reply
    assert reply == answered(captured).reply
    assert reply.option(67) == SCRIPT


def test_a_raspberry_pi_gets_an_address_and_no_pc_program() -> None:
    """It says that it is an x86 PC: its maker's MAC counts before the architecture."""
    asked = packet("raspberry-pi-4-discover")
    client = identify(asked, asked.mac or "")
    assert (client.kind, client.architectures, client.architecture) == (ClientKind.PXE, (0,), None)
    reply = answered(asked).reply
    assert reply.yiaddr in LINK.subnet
    assert (reply.file, reply.option(67), reply.option(66)) == (b"", None, None)
    pc = replace(asked, chaddr=bytes.fromhex(CP1.replace(":", "")))
    assert answered(pc).reply.file == b"undionly.kpxe"
