"""Debian's Ignition fetches by HTTPS from a server of the site's CA, and from no other."""

from __future__ import annotations

import hashlib
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.contents import fetched, inline
from harmony.modules.ignition.merge import merged
from harmony.modules.ignition.model import Config, ConfigReferences, File, IgnitionSection, Storage
from harmony.modules.ignition.trust import trusting
from provisioner.serve.site_ca import Covered, SiteCa

pytestmark = pytest.mark.protocol

IGNITION = "/usr/lib/dracut/modules.d/30ignition/ignition"
NOW = 1_790_000_000.0
NAMED = Config(storage=Storage(files=(File(path="/etc/hostname", contents=inline("w1\n")),)))
SERVED = canonical_json(NAMED).encode()


class _Served(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(SERVED)))
        self.end_headers()
        self.wfile.write(SERVED)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served_by(ca: SiteCa, folder: Path) -> Generator[str]:
    """The URL of a config, on a server with a certificate of `ca`."""
    pem = folder / "server.pem"
    pem.write_bytes(ca.issue(Covered.of([], [IPv4Address("127.0.0.1")]), time.time()).pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Served) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_address[1]}/config"
        finally:
            server.shutdown()
            thread.join()


def fetching(config: Config, folder: Path) -> subprocess.Popen[str]:
    """Ignition's first stage, which keeps what it comes to in `folder`/cache.json."""
    given = folder / "config.ign"
    given.write_text(canonical_json(config))
    return subprocess.Popen(
        (
            *(IGNITION, "-platform", "file", "-stage", "fetch", "-root", str(folder)),
            *("-log-to-stdout", "-config-cache", str(folder / "cache.json")),
        ),
        env={"IGNITION_CONFIG_FILE": str(given), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def referring(url: str) -> Config:
    source = fetched(url, hashlib.sha256(SERVED).hexdigest())
    return Config(ignition=IgnitionSection(config=ConfigReferences(merge=(source,))))


def test_ignition_trusts_the_sites_ca_that_its_config_names(tmp_path: Path) -> None:
    ca = SiteCa(tmp_path / "ca", NOW)
    with served_by(ca, tmp_path) as url:
        child = fetching(merged(referring(url), trusting(ca.certificate)), tmp_path)
        words, _ = child.communicate(timeout=60)
    assert child.returncode == 0, words
    kept = json.loads((tmp_path / "cache.json").read_text())
    assert [one["path"] for one in kept["storage"]["files"]] == ["/etc/hostname"]


def test_ignition_trusts_no_other(tmp_path: Path) -> None:
    """It asks again for ever, and says why."""
    ca, other = SiteCa(tmp_path / "ca", NOW), SiteCa(tmp_path / "other", NOW)
    refused = "certificate signed by unknown authority"
    with (
        served_by(ca, tmp_path) as url,
        fetching(merged(referring(url), trusting(other.certificate)), tmp_path) as child,
    ):
        assert child.stdout is not None
        assert any(refused in line for line in child.stdout)
        child.kill()
    assert not (tmp_path / "cache.json").exists()


def test_the_whole_section() -> None:
    assert json.loads(canonical_json(trusting("PEM\n"))) == {
        "ignition": {
            "version": "3.3.0",
            "security": {"tls": {"certificateAuthorities": [{"source": "data:,PEM%0A"}]}},
        }
    }


def test_each_ca_is_named_once() -> None:
    both = merged(trusting("A"), NAMED, trusting("B"), trusting("A"))
    assert both.ignition.security is not None
    sources = [one.source for one in both.ignition.security.tls.certificateAuthorities]
    assert sources == ["data:,A", "data:,B"]
