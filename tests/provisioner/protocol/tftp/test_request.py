from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.packet import Ack, Error, Packet, ReadRequest, WriteRequest
from provisioner.protocol.tftp.request import refusal, safe_path, to_netascii

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("packet", "refused"),
    [
        (ReadRequest("a", "octet"), None),
        (ReadRequest("a", "netascii"), None),
        (ReadRequest("a", "mail"), Error(4, "modes are octet and netascii")),
        (WriteRequest("a", "octet"), Error(2, "this server is read-only")),
        (Ack(0), Error(4, "no transfer is under way")),
    ],
)
def test_what_starts_a_read(packet: Packet, refused: Error | None) -> None:
    assert refusal(packet) == refused


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("snponly.efi", "snponly.efi"),
        ("/snponly.efi", "snponly.efi"),
        ("//pxe/./a", "pxe/a"),
        ("\\pxe\\a", "pxe/a"),
        ("a..b", "a..b"),
        ("%2e%2e/etc/passwd", "%2e%2e/etc/passwd"),
        ("..%2fetc", "..%2fetc"),
        ("\\\\server\\share\\a", "server/share/a"),
        ("C:\\a", "C:/a"),
        ("../etc/passwd", None),
        ("pxe/../../etc/passwd", None),
        ("pxe\\..\\a", None),
        ("..", None),
        ("/..", None),
        ("\\..\\..\\a", None),
        ("./../a", None),
        ("a/..", None),
        ("a\0b", None),
        ("a\x7fb", None),
        ("", None),
        ("/", None),
        (".", None),
        ("a\nb", None),
        ("a\x1bb", None),
    ],
)
def test_paths(asked: str, path: str | None) -> None:
    assert safe_path(asked) == path


NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["..", ".", "/", "\\", "a", "%2e", "%2f", "\0", " ", "~"])).map(
        "".join
    ),
)


@given(NAMES)
def test_no_name_leads_out(asked: str) -> None:
    path = safe_path(asked)
    if path is not None:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "\0" not in path
        assert posixpath.normpath(posixpath.join("/served", path)).startswith("/served/")


def test_netascii() -> None:
    assert to_netascii(b"a\nb\rc\r\nd") == b"a\r\nb\r\0c\r\0\r\nd"


@given(st.binary(max_size=100))
def test_netascii_can_be_turned_back(content: bytes) -> None:
    back = to_netascii(content).replace(b"\r\n", b"\n").replace(b"\r\0", b"\r")
    assert back == content
