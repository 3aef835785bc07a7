from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.protocol.dhcp.decision import Reason
from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.message import Options
from provisioner.protocol.dhcp.netboot import netboot, script_url
from provisioner.protocol.dhcp.question import ReplyDraft
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    DISCOVER,
    LINK,
    SERVER,
    message,
    packet,
    question,
)

pytestmark = pytest.mark.unit

DRAFT = ReplyDraft()
SCRIPT = (
    b"http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11"
    b"&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
)
SECOND_STAGE = ((67, b"snponly.efi"), (66, b"10.7.0.1"))


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("seabios-ipxe-discover", SCRIPT, ((67, SCRIPT), (175, b"\xb0\1\1"))),
        ("ovmf-rom-ipxe-discover", SCRIPT, ((67, SCRIPT), (175, b"\xb0\1\1"))),
        ("ovmf-ipxe-request", SCRIPT, ((67, SCRIPT), (175, b"\xb0\1\1"))),
        ("ovmf-pxe-discover", b"snponly.efi", SECOND_STAGE),
        ("ovmf-pxe-request", b"snponly.efi", SECOND_STAGE),
        (
            "ovmf-http-boot-discover",
            b"http://10.7.0.1/ipxe/snponly.efi",
            ((67, b"http://10.7.0.1/ipxe/snponly.efi"), (60, b"HTTPClient")),
        ),
    ],
)
def test_what_firmware_is_given(name: str, file: bytes, options: Options) -> None:
    """PXE is given neither 60 nor 43: EDK2 would go to port 4011. HTTP boot must be given 60."""
    written = netboot(question(packet(name)), DRAFT)
    assert written == ReplyDraft(next_server=SERVER, boot_file=file, options=options)


def test_the_tftp_servers_address_is_given_to_whom_asks_for_it() -> None:
    options = ((60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"), (55, b"\x42\x96"))
    written = netboot(question(message(DISCOVER, CP1, options=options)), DRAFT)
    assert written.options[1:] == ((66, b"10.7.0.1"), (150, b"\x0a\7\0\1"))


def test_bios_pxe_is_given_its_own_program() -> None:
    options = ((60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"))
    written = netboot(question(message(DISCOVER, CP1, options=options)), DRAFT)
    assert written.boot_file == b"undionly.kpxe"


ARM_BY_PXE = ((60, b"PXEClient:Arch:00011:UNDI:003000"), (93, b"\0\x0b"))
ARM_BY_HTTP = ((60, b"HTTPClient:Arch:00019:UNDI:003000"), (93, b"\0\x13"))


@pytest.mark.parametrize(
    ("options", "file"),
    [
        (ARM_BY_PXE, b"snponly-arm64.efi"),
        (ARM_BY_HTTP, b"http://10.7.0.1/ipxe/snponly-arm64.efi"),
    ],
)
def test_other_architectures_are_given_a_program_where_there_is_one(
    options: Options, file: bytes
) -> None:
    served = NetbootAnswer("http://10.7.0.1", programs=frozenset({"snponly-arm64.efi"}))
    asked = message(DISCOVER, CP1, options=options)
    assert netboot(question(asked, replace(LINK, netboot=served)), DRAFT).boot_file == file
    assert netboot(question(asked), DRAFT) is DRAFT


@pytest.mark.parametrize(
    ("vendor_class", "architecture"),
    [
        (b"PXEClient", b"\0\x0b"),
        (b"PXEClient", b"\0\x10"),
        (b"HTTPClient", b"\0\x07"),
        (b"HTTPClient", b"\0\0"),
        (b"PXEClient", b""),
        (b"harmony-ramdisk", b""),
        (b"", b""),
    ],
)
def test_who_could_run_nothing_of_ours_is_given_nothing(
    vendor_class: bytes, architecture: bytes
) -> None:
    options = ((60, vendor_class), (93, architecture))
    assert netboot(question(message(DISCOVER, CP1, options=options)), DRAFT) is DRAFT


def test_nobody_is_given_a_file_where_none_is_served() -> None:
    link = replace(LINK, netboot=None)
    assert netboot(question(packet("ovmf-pxe-discover"), link), DRAFT) is DRAFT


def test_a_long_url_is_in_option_67_alone() -> None:
    served = NetbootAnswer("http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:8080")
    link = replace(LINK, netboot=served)
    written = netboot(question(packet("ovmf-ipxe-discover"), link), DRAFT)
    url = script_url(CP1, served).encode()
    assert len(url) > 127
    assert written.boot_file == b""
    assert written.options[0] == (67, url)


def test_a_host_that_is_declared_to_boot_nothing_from_here_is_told_nothing() -> None:
    link = replace(LINK, netboot=NetbootAnswer("http://10.7.0.1", spared=frozenset({CP1})))
    options = ((60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"))
    written = netboot(question(message(DISCOVER, CP1, options=options), link), DRAFT)
    assert written == ReplyDraft(reason=Reason.NETBOOT_OFF)
    running = question(message(DISCOVER, CP1), link)
    assert netboot(running, DRAFT) is DRAFT
