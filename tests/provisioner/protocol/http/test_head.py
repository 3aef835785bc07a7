"""Request heads, with h11 and httptools as other opinions."""

from __future__ import annotations

import contextlib

import h11
import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.head import RequestHead, decode_head

pytestmark = pytest.mark.unit

IPXE = (
    b"GET /boot.ipxe?mac=52-54-00-07-00-11&platform=efi HTTP/1.1\r\n"
    b"Connection: keep-alive\r\n"
    b"User-Agent: iPXE/1.21.1+git-20220113\r\n"
    b"Host: 10.7.0.1\r\n\r\n"
)
EDK2 = (
    b"HEAD /ipxe/snponly.efi HTTP/1.1\r\nHost: 10.7.0.1\r\nAccept: */*\r\n"
    b"User-Agent: UefiHttpBoot/1.0\r\n\r\n"
)


def test_what_ipxe_sends() -> None:
    assert decode_head(IPXE) == RequestHead(
        "GET",
        "/boot.ipxe",
        {"mac": "52-54-00-07-00-11", "platform": "efi"},
        {
            "connection": "keep-alive",
            "user-agent": "iPXE/1.21.1+git-20220113",
            "host": "10.7.0.1",
        },
        0,
        modern=True,
        keeps_alive=True,
        waits_for_leave=False,
    )


def test_what_edk2_sends() -> None:
    head = decode_head(EDK2)
    assert (head.method, head.path, head.keeps_alive) == ("HEAD", "/ipxe/snponly.efi", True)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("nonsense", 400),
        ("GET /", 400),
        ("GET  / HTTP/1.1\r\nHost: a", 400),
        ("GET / HTTP/1.1 \r\nHost: a", 400),
        (" GET / HTTP/1.1\r\nHost: a", 400),
        ("G(T / HTTP/1.1\r\nHost: a", 400),
        ("GET /\x7f HTTP/1.1\r\nHost: a", 400),
        ("GET /ü HTTP/1.1\r\nHost: a", 400),
        ("GET / HTTP/2.0\r\nHost: a", 505),
        ("GET / HTTP/0.9\r\nHost: a", 505),
        ("GET / http/1.1\r\nHost: a", 400),
        ("GET / HTTP/1.1", 400),  # no Host
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a", 400),
        ("GET / HTTP/1.1\r\nHost: a b", 400),
        ("GET / HTTP/1.1\r\nHost: a/b", 400),
        ("GET / HTTP/1.1\r\nHost: [", 400),
        ("GET / HTTP/1.1\r\nHost: a, b", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded: b", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tfolded", 400),
        ("GET / HTTP/1.1\r\nHost : a", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nno field", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n: empty", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\nb: c", 400),
        ("GET / HTTP/1.1\nHost: a", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3_0", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \xb2", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11111111111111111111", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity", 501),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            501,
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked", 400),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked", 400),
        ("GET / HTTP/1.1\r\nHost: a" + "\r\nX: y" * 100, 431),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a", 400),
        ("OPTIONS * HTTP/1.1\r\nHost: a", 400),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(head: str, status: int) -> None:
    with pytest.raises(MalformedHttpRequest) as caught:
        decode_head(f"{head}\r\n\r\n".encode("latin-1"))
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("lines", "keeps_alive"),
    [
        ("HTTP/1.1\r\nHost: a", True),
        ("HTTP/1.1\r\nHost: a\r\nConnection: close", False),
        ("HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE", False),
        ("HTTP/1.1\r\nHost: a\r\nConnection: Upgrade", True),
        ("HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close", False),
        ("HTTP/1.0", False),
        ("HTTP/1.0\r\nConnection: Keep-Alive", True),
    ],
)
def test_how_long_the_connection_lasts(lines: str, keeps_alive: bool) -> None:
    assert decode_head(f"GET / {lines}\r\n\r\n".encode()).keeps_alive is keeps_alive


def test_fields_of_one_name_are_one_list() -> None:
    head = decode_head(
        b'GET / HTTP/1.1\r\nHost:a\r\nIf-None-Match: "a"\r\nIF-NONE-MATCH:\t"b" \r\n\r\n'
    )
    assert head.fields == {"host": "a", "if-none-match": '"a", "b"'}


names = st.sampled_from(["Host", "content-length", "Transfer-Encoding", "Connection", "X", "Range"])
values = st.sampled_from(
    ["", "a", "3", " 4 ", "chunked", "close", "keep-alive", "\x00", "a\tb", "ü"]
)
lines = st.lists(st.tuples(names, st.sampled_from([":", ": ", " :", ""]), values), max_size=5).map(
    lambda fields: "".join(f"{name}{colon}{value}\r\n" for name, colon, value in fields)
)
heads = st.tuples(
    st.sampled_from(["GET", "HEAD", "POST", "PUT"]),
    st.sampled_from(["/", "/a?b=c", "/%20", "http://a/b"]),
    st.sampled_from(["HTTP/1.0", "HTTP/1.1"]),
).map(" ".join)


@given(heads, lines)
def test_what_is_taken_is_taken_by_others_too_and_read_as_the_same(first: str, rest: str) -> None:
    data = f"{first}\r\n{rest}\r\n".encode("latin-1")
    try:
        head = decode_head(data)
    except MalformedHttpRequest:
        return
    other = h11.Connection(h11.SERVER)
    other.receive_data(data)
    event = other.next_event()
    assert isinstance(event, h11.Request)
    assert event.method.decode() == head.method
    assert {name.decode() for name, _ in event.headers} == head.fields.keys()
    heard = Heard()
    parser = httptools.HttpRequestParser(heard)
    with contextlib.suppress(httptools.HttpParserUpgrade):
        parser.feed_data(data)
    assert heard.fields.keys() == head.fields.keys()
    assert heard.complete is (head.length == 0)


class Heard:
    """What httptools reads."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields[name.decode().lower()] = value.decode("latin-1")

    def on_message_complete(self) -> None:
        self.complete = True


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_a_head_or_malformed(data: bytes, with_a_beginning: bool) -> None:
    beginning = b"GET / HTTP/1.1\r\nHost: a\r\n" if with_a_beginning else b""
    with contextlib.suppress(MalformedHttpRequest):
        decode_head(beginning + data + b"\r\n\r\n")
