from __future__ import annotations

import contextlib
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.dhcp import BOOTP, DHCP

from provisioner.protocol.dhcp.message import ETHERNET, Message, decode, encode
from provisioner.protocol.dhcp.options import MessageType, Operation
from provisioner.protocol.errors import MalformedDhcpMessage
from tests.provisioner.protocol.dhcp.samples import DISCOVER, message, packet, packet_bytes

pytestmark = pytest.mark.unit

FIXED_SIZES = {50: 4, 51: 4, 53: 1, 54: 4, 57: 2}
addresses = st.integers(0, 2**32 - 1).map(IPv4Address)


@st.composite
def options(draw: st.DrawFn) -> tuple[tuple[int, bytes], ...]:
    codes = draw(st.lists(st.integers(1, 254).filter(lambda code: code != 52), unique=True))
    return tuple(
        (code, draw(st.binary(min_size=size, max_size=size)))
        if (size := FIXED_SIZES.get(code)) is not None
        else (code, draw(st.binary(max_size=600)))
        for code in codes
    )


texts = st.binary().map(lambda text: text.replace(b"\0", b"x"))
messages = st.builds(
    Message,
    op=st.sampled_from(Operation),
    xid=st.integers(0, 2**32 - 1),
    chaddr=st.binary(max_size=16),
    options=options(),
    htype=st.integers(0, 255),
    hops=st.integers(0, 255),
    secs=st.integers(0, 65_535),
    flags=st.integers(0, 65_535),
    ciaddr=addresses,
    yiaddr=addresses,
    siaddr=addresses,
    giaddr=addresses,
    sname=texts.map(lambda text: text[:64]),
    file=texts.map(lambda text: text[:128]),
)


@given(messages)
def test_decoding_gives_back_what_was_encoded(written: Message) -> None:
    assert decode(encode(written)) == written


@given(st.binary(max_size=700))
def test_any_bytes_are_a_message_or_malformed(data: bytes) -> None:
    with contextlib.suppress(MalformedDhcpMessage):
        decode(data)


@given(st.binary(max_size=300))
def test_any_options_are_a_message_or_malformed(data: bytes) -> None:
    start = encode(message(DISCOVER))[:240]
    try:
        decoded = decode(start + data)
    except MalformedDhcpMessage:
        return
    assert decode(encode(decoded)) == decoded


def test_a_whole_message_byte_by_byte() -> None:
    written = message(DISCOVER, "52:54:00:07:00:11", broadcast=True, options=((12, b"cp1"),))
    expected = (
        "01010600" "00001234" "00008000" "00000000" "00000000" "00000000" "00000000"
        "525400070011" + "00" * 10 + "00" * 64 + "00" * 128 + "63825363" "350101" "0c03637031" "ff"
    )  # fmt: skip
    assert encode(written).hex() == expected.ljust(600, "0")


def test_options_may_be_in_file_and_sname() -> None:
    """RFC 2131, 4.1: `file` comes before `sname`; what is in them is not a name."""
    header = bytearray(encode(message(DISCOVER))[:240])
    header[44:108] = b"\x0c\x02-b\xff".ljust(64, b"\0")
    header[108:236] = b"\x0c\x02-a\xff".ljust(128, b"\0")
    decoded = decode(bytes(header) + b"\x35\x01\x01\x34\x01\x03\x0c\x03cp1\xff")
    assert decoded.options == ((53, b"\1"), (12, b"cp1-a-b"))
    assert (decoded.file, decoded.sname) == (b"", b"")


def test_a_long_option_travels_in_pieces() -> None:
    """RFC 3396; the limit of one piece is 255 bytes."""
    value = bytes(range(256)) * 2
    encoded = encode(message(DISCOVER, options=((121, value),)))
    pieces = b"\x79\xff" + value[:255] + b"\x79\xff" + value[255:510] + b"\x79\x02" + value[510:]
    assert pieces in encoded
    assert decode(encoded).option(121) == value


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "0 bytes are too few"),
        (bytes(240), "magic cookie"),
        (b"\3" + encode(message(DISCOVER))[1:], "op is 3"),
        (b"\1\1\x11" + encode(message(DISCOVER))[3:], "hlen is 17"),
        (encode(message(DISCOVER))[:240] + b"\x0c\x05abc", "option 12 runs past the end"),
        (encode(message(DISCOVER))[:240] + b"\x0c", "option 12 runs past the end"),
        (encode(message(DISCOVER))[:240] + b"\x34\x01\x04", "option 52 is 04"),
        (encode(message(DISCOVER))[:240] + b"\x32\x03abc\xff", "option 50 is 3 bytes long"),
    ],
)
def test_what_is_malformed(data: bytes, says: str) -> None:
    with pytest.raises(MalformedDhcpMessage, match=says):
        decode(data)


def test_fields_of_a_message() -> None:
    asked = packet("seabios-ipxe-request")
    assert asked.message_type is MessageType.REQUEST
    assert asked.mac == "52:54:00:07:00:11"
    assert asked.address_option(50) == IPv4Address("10.7.0.11")
    assert asked.address_option(60) is None
    assert not asked.wants_broadcast
    assert packet("ovmf-pxe-discover").wants_broadcast


def test_what_a_message_may_lack() -> None:
    bootp = Message(op=Operation.BOOTREQUEST, xid=1, chaddr=b"\1\2", options=((53, b"\x63"),))
    assert bootp.message_type is None
    assert bootp.mac is None
    assert Message(Operation.BOOTREQUEST, 1, bytes(6), (), htype=ETHERNET + 5).mac is None


@pytest.mark.parametrize(
    "name",
    ["seabios-ipxe-discover", "ovmf-pxe-request", "ovmf-http-boot-discover", "ovmf-ipxe-request"],
)
def test_scapy_reads_what_we_encode_as_it_reads_what_firmware_sent(name: str) -> None:
    ours, theirs = BOOTP(encode(packet(name))), BOOTP(packet_bytes(name))
    for field in ("op", "htype", "hlen", "xid", "flags", "ciaddr", "yiaddr", "chaddr", "file"):
        assert getattr(ours, field) == getattr(theirs, field)
    listed = [[o for o in read[DHCP].options if o not in ("end", "pad")] for read in (ours, theirs)]
    assert listed[0] == listed[1]
