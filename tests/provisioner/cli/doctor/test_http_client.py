from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typing_extensions import override

from provisioner.cli.doctor.http_client import fetch, filled_in
from provisioner.cli.doctor.observation import Asked, HttpFetch

pytestmark = pytest.mark.protocol


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"#!ipxe\n" + self.headers["Host"].encode() + b"\n" * 100_000
        self.send_response(404 if "missing" in self.path else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        if "unknown-length" not in self.path:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def test_the_beginning_is_enough(port: int) -> None:
    url = f"http://127.0.0.1:{port}/boot.ipxe?uuid=${{uuid}}"
    told = fetch(Asked.IPXE, url, {})
    assert (told.status, told.words, told.content_type) == (200, "", "text/plain")
    assert told.begins == f"#!ipxe\n127.0.0.1:{port}".encode()[:16]
    assert told.length is not None
    assert told.url.endswith("?uuid=00000000-0000-0000-0000-000000000000")
    assert fetch(Asked.IPXE, url + "unknown-length", {}).length is None


def test_a_server_that_is_given_by_name(port: int) -> None:
    told = fetch(Asked.IPXE, f"http://boot.example:{port}/", {"boot.example": "127.0.0.1"})
    assert (told.status, told.begins) == (200, b"#!ipxe\nboot.exam")


def test_what_goes_wrong(port: int) -> None:
    missing = fetch(Asked.UEFI_HTTP, f"http://127.0.0.1:{port}/missing", {})
    assert (missing.status, missing.words) == (404, "#!ipxe")
    closed = fetch(Asked.UEFI_HTTP, "http://127.0.0.1:1/", {})
    assert closed == HttpFetch(
        Asked.UEFI_HTTP,
        "http://127.0.0.1:1/",
        None,
        "that computer is there, but nobody listens at this port",
    )
    assert fetch(Asked.IPXE, "http://[::bad/", {}).status is None


def test_ipxes_settings_are_filled_in() -> None:
    asked = (
        "http://a/b?mac=${net0/mac}&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
    )
    assert filled_in(asked) == (
        "http://a/b?mac=&uuid=00000000-0000-0000-0000-000000000000&serial=&platform=pcbios"
    )
