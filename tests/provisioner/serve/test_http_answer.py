from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.protocol.http.head import RequestHead
from provisioner.serve.http_answer import outgoing
from provisioner.serve.http_message import Answer, FileReply, Reply

pytestmark = pytest.mark.unit

GET = RequestHead("GET", "/", {}, {}, 0, modern=True, keeps_alive=True, waits_for_leave=False)
HEAD = replace(GET, method="HEAD")
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
NOW = 1_700_000_000.0
MODIFIED = 1_600_000_000


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image"
    path.write_bytes(b"0123456789")
    os.utime(path, (MODIFIED, MODIFIED))
    return path


def sent(answer: Answer, head: RequestHead = GET) -> tuple[bytes, bytes]:
    """What goes out before a file, and what goes out of it."""
    out = outgoing(answer, head, NOW, DATE)
    if out.file is None:
        return out.content, b""
    part = os.pread(out.file.descriptor, out.file.left, out.file.position)
    out.file.close()
    return out.content, part


def test_a_reply() -> None:
    content = (
        b"HTTP/1.1 503 Service Unavailable\r\n"
        b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
        b"Content-Type: text/plain\r\n"
        b"Content-Length: 5\r\n"
        b"Cache-Control: no-store\r\n"
        b"Retry-After: 2\r\n\r\n"
    )
    reply = Reply(503, b"hello", "text/plain", (("Retry-After", "2"),))
    assert sent(reply) == (content + b"hello", b"")
    assert sent(reply, HEAD) == (content, b"")


def test_a_file(image: Path) -> None:
    head = (
        b"HTTP/1.1 200 OK\r\n"
        b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
        b"Content-Type: application/efi\r\n"
        b"Content-Length: 10\r\n"
        b"Accept-Ranges: bytes\r\n"
        b'ETag: "tag"\r\n'
        b"Last-Modified: Sun, 13 Sep 2020 12:26:40 GMT\r\n\r\n"
    )
    answer = FileReply(image, "tag", "application/efi")
    assert sent(answer) == (head, b"0123456789")
    assert sent(answer, HEAD) == (head, b"")


def test_a_part_of_a_file(image: Path) -> None:
    content, part = sent(FileReply(image), replace(GET, fields={"range": "bytes=3-5"}))
    assert content.startswith(b"HTTP/1.1 206 Partial Content\r\n")
    assert part == b"345"


def test_a_file_that_has_no_tag_is_known_by_its_size_and_time(image: Path) -> None:
    def tag() -> bytes:
        return sent(FileReply(image))[0].partition(b"ETag: ")[2].partition(b"\r\n")[0]

    first = tag()
    assert first.startswith(b'"')
    assert tag() == first
    os.utime(image, ns=(0, MODIFIED * 10**9 + 1))
    assert tag() != first


def test_no_descriptor_is_left_where_nothing_is_sent(image: Path) -> None:
    before = descriptors()
    sent(FileReply(image), HEAD)
    sent(FileReply(image), replace(GET, fields={"if-none-match": "*"}))
    sent(FileReply(image), replace(GET, fields={"range": "bytes=10-"}))
    image.write_bytes(b"")
    sent(FileReply(image))
    with pytest.raises(ValueError):
        outgoing(FileReply(image, "a\nb"), GET, NOW, DATE)
    assert descriptors() == before


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("kind", ["gone", "folder", "fifo"])
def test_what_is_no_file_is_to_be_asked_for_again(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    content, _ = sent(FileReply(path))
    assert content.startswith(b"HTTP/1.1 503 ")
    assert content.endswith(b"\r\n\r\nthis file isn't there now\n")
