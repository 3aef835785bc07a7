from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.tftp import TFTP, TFTP_Options

from provisioner.protocol.errors import MalformedTftpPacket
from provisioner.protocol.tftp.packet import (
    Ack,
    Data,
    Error,
    OptionAck,
    Packet,
    ReadRequest,
    WriteRequest,
    decode,
    encode,
)

pytestmark = pytest.mark.unit

texts = st.text(st.characters(codec="latin-1", exclude_characters="\0"), min_size=1, max_size=40)
lower = texts.map(str.lower).filter(
    lambda text: text.encode("latin-1", "ignore").decode("latin-1") == text
)
options = st.lists(st.tuples(lower, texts), max_size=5).map(tuple)
blocks = st.integers(0, 65_535)
packets: st.SearchStrategy[Packet] = st.one_of(
    st.builds(ReadRequest, texts, lower, options),
    st.builds(WriteRequest, texts, lower, options),
    st.builds(Data, blocks, st.binary(max_size=600)),
    st.builds(Ack, blocks),
    st.builds(Error, blocks, st.one_of(st.just(""), texts)),
    st.builds(OptionAck, st.lists(st.tuples(lower, texts), min_size=1, max_size=5).map(tuple)),
)


@given(packets)
def test_decoding_gives_back_what_was_encoded(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(st.binary(max_size=100), st.integers(0, 7))
def test_any_bytes_are_a_packet_or_malformed(data: bytes, opcode: int) -> None:
    for whole in (data, bytes((0, opcode)) + data):
        with contextlib.suppress(MalformedTftpPacket):
            decode(whole)


@pytest.mark.parametrize(
    ("data", "packet"),
    [
        (
            b"\0\1snponly.efi\0octet\0tsize\x000\0blksize\x001468\0",
            ReadRequest("snponly.efi", "octet", (("tsize", "0"), ("blksize", "1468"))),
        ),
        (b"\0\1a\0OCTET\0BlkSize\x0099\0", ReadRequest("a", "octet", (("blksize", "99"),))),
        (b"\0\1a\0octet", ReadRequest("a", "octet")),
        (b"\0\1a\0octet\0\0\0\0", ReadRequest("a", "octet")),
        (b"\0\1a\0octet\0tsize\0", ReadRequest("a", "octet")),
        (b"\0\2a\0octet\0", WriteRequest("a", "octet")),
        (b"\0\3\0\7xyz", Data(7, b"xyz")),
        (b"\0\4\xff\xff", Ack(65_535)),
        (b"\0\5\0\1not found\0", Error(1, "not found")),
        (b"\0\5\0\0", Error(0, "")),
        (b"\0\6tsize\x00173792\0", OptionAck((("tsize", "173792"),))),
    ],
)
def test_what_peers_send(data: bytes, packet: Packet) -> None:
    assert decode(data) == packet


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "0 bytes are too few"),
        (b"\0\1a", "3 bytes are too few"),
        (b"\0\1a\0", "without a file name or a mode"),
        (b"\0\1\0octet\0", "without a file name or a mode"),
        (b"\0\7\0\0", "opcode 7"),
    ],
)
def test_what_is_malformed(data: bytes, says: str) -> None:
    with pytest.raises(MalformedTftpPacket, match=says):
        decode(data)


def test_scapy_reads_our_packets() -> None:
    read = TFTP(encode(ReadRequest("snponly.efi", "octet", (("tsize", "0"),))))
    assert (read.op, read.filename, read.mode) == (1, b"snponly.efi", b"octet")
    assert [(o.oname, o.value) for o in read[TFTP_Options].options] == [(b"tsize", b"0")]
    assert TFTP(encode(Data(7, b"xyz"))).block == 7
    error = TFTP(encode(Error(1, "not found")))
    assert (error.errorcode, error.errormsg) == (1, b"not found")
