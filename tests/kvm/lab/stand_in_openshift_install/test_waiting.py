from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from kvm.lab.stand_in_openshift_install import authority
from kvm.lab.stand_in_openshift_install.asset_directory import begun
from kvm.lab.stand_in_openshift_install.creating import TARGETS
from kvm.lab.stand_in_openshift_install.waiting import PLACES, by_kubeconfig, waited
from tests.kvm.lab.stand_in_openshift_install.configs import directory

pytestmark = pytest.mark.protocol

AVAILABLE = {"type": "Available", "status": "True"}


@pytest.mark.parametrize(
    ("target", "answer", "so"),
    [
        ("bootstrap-complete", {"data": {"status": "complete"}}, True),
        ("bootstrap-complete", {"data": {"status": "waiting"}}, False),
        ("bootstrap-complete", {}, False),
        ("bootstrap-complete", None, False),
        ("install-complete", {"status": {"conditions": [AVAILABLE]}}, True),
        ("install-complete", {"status": {"conditions": [{**AVAILABLE, "status": "False"}]}}, False),
        ("install-complete", {"status": {}}, False),
        ("install-complete", None, False),
    ],
)
def test_what_it_waits_for(target: str, answer: dict[str, Any] | None, so: bool) -> None:
    asked: list[str] = []

    def ask(place: str) -> dict[str, Any] | None:
        asked.append(place)
        return answer

    assert waited(target, ask, until=time.monotonic()) is so
    assert asked == [PLACES[target]]


class _Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = json.dumps({"data": {"status": "complete"}}).encode()
        self.send_response(200 if self.path.endswith("/bootstrap") else 404)
        self.end_headers()
        self.wfile.write(found)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def api(folder: Path, tls: Mapping[str, str]) -> Generator[int]:
    """An API server that wants the administrator's certificate; its port."""
    for name in ("kube-apiserver-lb-server.crt", "kube-apiserver-lb-server.key"):
        (folder / name).write_text(tls[name])
    context = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cadata=tls["admin-kubeconfig-signer.crt"]
    )
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(
        folder / "kube-apiserver-lb-server.crt", folder / "kube-apiserver-lb-server.key"
    )
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_it_asks_by_the_kubeconfig_and_trusts_only_its_ca(tmp_path: Path) -> None:
    folder = directory(tmp_path / "assets")
    now = datetime.now(UTC)
    TARGETS["create ignition-configs"](folder, now)
    foreign = authority.made("okd.home.example", now)
    for tls, answers in ((begun(folder, now).tls, True), (foreign, False)):
        with api(tmp_path, tls) as port:
            ask = by_kubeconfig(elsewhere(folder / "auth/kubeconfig", tmp_path, port))
            assert (ask(PLACES["bootstrap-complete"]) is not None) is answers
            assert ask(PLACES["install-complete"]) is None


def elsewhere(kubeconfig: Path, folder: Path, port: int) -> Path:
    """The same, for an API server that is here, by the name that is in its certificate."""
    document = json.loads(kubeconfig.read_text())
    document["clusters"][0]["cluster"] |= {
        "server": f"https://127.0.0.1:{port}",
        "tls-server-name": "api.okd.home.example",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(document))
    return path
