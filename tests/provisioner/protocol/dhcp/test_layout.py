from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.layout import laid_out
from provisioner.protocol.dhcp.message import Message, Options, decode, encode
from provisioner.protocol.dhcp.options import Operation
from tests.provisioner.protocol.dhcp.samples import DISCOVER, message

pytestmark = pytest.mark.unit

ROUTER, MASK, OFFER = (3, b"\x0a\7\0\1"), (1, b"\xff\xff\xff\0"), (53, b"\2")
SMALLEST = 576 - 28
ON_THE_WIRE = 240


def asked(wanted: bytes = b"", size: int | None = None) -> Message:
    options: Options = ((55, wanted),) if wanted else ()
    if size is not None:
        options = (*options, (57, size.to_bytes(2)))
    return message(DISCOVER, options=options)


def codes(written: Options, wanted: bytes) -> list[int]:
    return [code for code, _ in laid_out(written, b"", asked(wanted), None).options]


def test_the_clients_order_between_what_is_first_and_what_is_last() -> None:
    written = (OFFER, (82, b"\1\1\7"), ROUTER, (6, b""), (12, b"cp1"), (97, b""), MASK, (54, b""))
    assert codes(written, b"\x0c\x06\x03\x0c\x01") == [53, 54, 1, 12, 6, 3, 97, 82]
    assert codes(written, b"") == [53, 54, 1, 3, 6, 12, 97, 82]


def test_one_option_alone() -> None:
    assert laid_out((OFFER,), b"", asked(), None).options == (OFFER,)


@pytest.mark.parametrize(
    ("size", "mtu", "fits"),
    [
        (None, None, 576),  # RFC 2131, 2: every client takes that
        (100, None, 576),
        (1200, None, 1200),
        (65_535, None, 1500),
        (65_535, 9000, 9000),
        (1500, 1400, 1400),
    ],
)
def test_as_much_as_the_client_and_the_link_take(
    size: int | None, mtu: int | None, fits: int
) -> None:
    """RFC 2132, 9.10: the size has the headers of IP and UDP in it."""
    room = fits - 28 - ON_THE_WIRE - len(encode_options((OFFER,))) - 1
    filling = (253, bytes(room - 2 * -(-room // 257)))
    for written, whole in ((filling, True), ((253, filling[1] + b"xx"), False)):
        layout = laid_out((OFFER, written), b"script", asked(size=size), mtu)
        assert (written in layout.options) is whole
    assert len(encode(reply((OFFER, filling)))) <= fits - 28


def test_what_is_too_much_goes_into_file_and_sname_the_least_needed_last() -> None:
    """RFC 2132, 9.3. 120 bytes fit into `file`, 60 into `sname`; the name server is needed more than
    what only this site has, and that is in the client's order."""
    own = tuple((code, bytes([code]) * 60) for code in range(230, 238))
    wanted = bytes(reversed(range(230, 238)))
    layout = laid_out((OFFER, *own, ROUTER), b"", asked(wanted), None)
    assert [code for code, _ in layout.options] == [53, 52, 237, 236, 235, 234, 3]
    assert dict(layout.options)[52] == b"\3"
    assert layout.file == b"\xe9\x3c" + b"\xe9" * 60 + b"\xe8\x3c" + b"\xe8" * 60 + b"\xff"
    assert layout.sname == b"\xe7\x3c" + b"\xe7" * 60 + b"\xff"
    read = decode(encode(reply(layout.options, layout.file, layout.sname)))
    assert {code for code, _ in read.options} == {53, 3, *range(231, 238)}


def test_a_boot_file_stays_where_roms_read_it() -> None:
    own = tuple((code, bytes([code]) * 60) for code in range(230, 238))
    layout = laid_out((OFFER, *own, (67, b"snponly.efi")), b"snponly.efi", asked(), None)
    assert layout.file == b"snponly.efi"
    assert dict(layout.options)[52] == b"\2"
    assert dict(layout.options)[67] == b"snponly.efi"


def reply(options: Options, file: bytes = b"", sname: bytes = b"") -> Message:
    return replace(
        message(DISCOVER), op=Operation.BOOTREPLY, options=options, file=file, sname=sname
    )


def encode_options(options: Options) -> bytes:
    return encode(reply((*options, (250, bytes(200)))))[ON_THE_WIRE:-203]


values = st.lists(
    st.tuples(
        st.integers(1, 254).filter(lambda code: code not in (50, 51, 52, 53, 54, 57)),
        st.binary(max_size=400),
    ),
    unique_by=lambda option: option[0],
    max_size=30,
)


@given(values, st.binary(max_size=40), st.none() | st.integers(0, 65_535), st.binary(max_size=100))
def test_a_reply_is_never_larger_than_its_client_takes(
    options: list[tuple[int, bytes]], wanted: bytes, size: int | None, file: bytes
) -> None:
    """And what is in it is read back as it was written, wherever it went."""
    written: Options = (OFFER, *options)
    name = file.replace(b"\0", b"x")
    layout = laid_out(written, name, asked(wanted, size), None)
    data = encode(reply(layout.options, layout.file, layout.sname))
    read = decode(data)
    assert len(data) <= max(SMALLEST, min(size or 0, 1500) - 28)
    assert set(read.options) <= set(written)
    assert read.options[0] == OFFER
    assert (read.file == name) if name else True
    if len(encode(reply(written, name))) <= SMALLEST:
        assert set(read.options) == set(written)
