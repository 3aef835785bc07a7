"""Clients that others wrote, against the server on loopback: what they get, resume and don't get again."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.serve.http_message import Answer, FileReply, Reply, Request, text
from tests.provisioner.serve.http_service import LOOPBACK, PORT, Running, server_of

pytestmark = pytest.mark.protocol

CONTENT = b"".join(hashlib.sha256(bytes((each,))).digest() for each in range(256)) * 300
URL = f"http://{LOOPBACK}:{PORT}"
MODIFIED = 1_600_000_000


@pytest.fixture(autouse=True)
def served(tmp_path: Path) -> Iterator[None]:
    image = tmp_path / "served"
    image.write_bytes(CONTENT)
    os.utime(image, (MODIFIED, MODIFIED))

    def answer(request: Request) -> Answer:
        if request.path == "/image":
            return FileReply(image, "tag")
        if request.path == "/script":
            return Reply(200, b"#!ipxe\n" + request.body)
        return text(404, "there is nothing like that here")

    with Running(server_of(answer)):
        yield


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done
    return done.stdout


def curl(*arguments: str) -> str:
    return run("curl", "--silent", "--show-error", *arguments)


def test_curl_fetches_the_whole(tmp_path: Path) -> None:
    got = tmp_path / "got"
    curl("--fail", "-o", str(got), f"{URL}/image")
    assert got.read_bytes() == CONTENT


@pytest.mark.parametrize("have", [0, 1, 1_000_000, len(CONTENT) - 1])
def test_curl_goes_on_where_it_stopped(tmp_path: Path, have: int) -> None:
    got = tmp_path / "got"
    got.write_bytes(CONTENT[:have])
    curl("--fail", "-C", "-", "-o", str(got), f"{URL}/image")
    assert got.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("0-0", "206", CONTENT[:1]),
        ("100-199", "206", CONTENT[100:200]),
        ("-10", "206", CONTENT[-10:]),
        (f"{len(CONTENT)}-", "416", b""),
        ("0-9,20-29", "200", CONTENT),
    ],
)
def test_curl_fetches_a_part(tmp_path: Path, wanted: str, status: str, part: bytes) -> None:
    got = tmp_path / "got"
    assert curl("-r", wanted, "-o", str(got), "-w", "%{http_code}", f"{URL}/image") == status
    assert got.read_bytes() == part


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (("-H", 'If-None-Match: "tag"'), "304"),
        (("-H", 'If-None-Match: "other"'), "200"),
        (("-z", "Sun, 13 Sep 2020 12:26:40 GMT"), "304"),
        (("-z", "Sun, 13 Sep 2020 12:26:39 GMT"), "200"),
        (("-z", "-Sun, 13 Sep 2020 12:26:39 GMT"), "412"),
        (("-H", 'If-Match: "other"'), "412"),
        (("-r", "0-9", "-H", 'If-Range: "tag"'), "206"),
        (("-r", "0-9", "-H", 'If-Range: "other"'), "200"),
        (("-r", "0-9", "-H", "If-Range: Sun, 13 Sep 2020 12:26:40 GMT"), "206"),
        (("--http1.0",), "200"),
        (("--request-target", f"{URL}/image"), "200"),  # as a proxy is asked
    ],
)
def test_curl_asks_on_conditions(condition: tuple[str, ...], status: str) -> None:
    assert curl(*condition, "-o", "/dev/null", "-w", "%{http_code}", f"{URL}/image") == status


def test_curl_keeps_its_tag_and_fetches_nothing_again(tmp_path: Path) -> None:
    tag, got = tmp_path / "tag", tmp_path / "got"
    for status in ("200", "304"):
        tags = ("--etag-compare", str(tag), "--etag-save", str(tag))
        assert curl(*tags, "-o", str(got), "-w", "%{http_code}", f"{URL}/image") == status
    assert got.read_bytes() == CONTENT


def test_curl_is_told_the_length_by_head() -> None:
    told = dict(re.findall(r"(?m)^([\w-]+): (.*?)\r?$", curl("--head", f"{URL}/image")))
    assert told["Content-Length"] == str(len(CONTENT))
    assert told["Last-Modified"] == "Sun, 13 Sep 2020 12:26:40 GMT"
    assert (told["ETag"], told["Accept-Ranges"]) == ('"tag"', "bytes")


@pytest.mark.parametrize("chunked", [(), ("-H", "Transfer-Encoding: chunked")])
@pytest.mark.parametrize("size", [0, 10, 100_000])
def test_curl_sends_a_body(tmp_path: Path, size: int, chunked: tuple[str, ...]) -> None:
    """A large one only after a "100 Continue"."""
    body = tmp_path / "body"
    body.write_bytes(b"x" * size)
    sent = curl(*chunked, "--data-binary", f"@{body}", f"{URL}/script")
    assert sent == "#!ipxe\n" + "x" * size


def test_curl_uses_one_connection_for_many_requests() -> None:
    urls = [f"{URL}/image", f"{URL}/script", f"{URL}/missing"] * 3
    outputs = ["-o", "/dev/null"] * len(urls)
    assert curl(*outputs, "-w", "%{num_connects}", *urls) == "1" + "0" * 8


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget")
def test_wget_goes_on_and_fetches_only_what_is_newer(tmp_path: Path) -> None:
    got = tmp_path / "image"
    got.write_bytes(CONTENT[:70_000])
    fetch = ("wget", "--no-verbose", "--tries=1", "-P", str(tmp_path))
    run(*fetch, "--continue", f"{URL}/image")
    assert got.read_bytes() == CONTENT
    assert got.stat().st_mtime == MODIFIED
    done = subprocess.run(
        (*fetch, "-N", f"{URL}/image"), capture_output=True, text=True, timeout=60, check=True
    )
    assert "->" not in done.stderr  # nothing was saved


def test_busybox_wget_fetches_and_goes_on(tmp_path: Path) -> None:
    got = tmp_path / "got"
    got.write_bytes(CONTENT[:1000])
    run("busybox", "wget", "-q", "-c", "-O", str(got), f"{URL}/image")
    assert got.read_bytes() == CONTENT


def test_wrk_gets_only_good_answers() -> None:
    for path in ("script", "image"):
        told = run("wrk", "-t1", "-c64", "-d1", f"{URL}/{path}")
        assert "Non-2xx" not in told
        assert "Socket errors" not in told
        assert int(re.findall(r"(\d+) requests in", told)[0]) > 0


def test_what_is_missing_is_answered_at_once() -> None:
    """iPXE that is loaded over HTTP looks for an autoexec.ipxe beside itself."""
    connection = http.client.HTTPConnection(str(LOOPBACK), PORT, timeout=1)
    connection.request("GET", "/autoexec.ipxe")
    response = connection.getresponse()
    assert (response.status, response.getheader("Content-Length")) == (404, "32")
    connection.close()
