"""The unit's script on the node: says it until it is heard, then forgets the token."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from provisioner.images import node_tree

pytestmark = pytest.mark.protocol

SCRIPT = "usr/libexec/harmony-first-boot-report"


class Provisioner(HTTPServer):
    """Refuses the first report and takes the second."""

    answers = (503, 200)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Report)
        self.heard: list[dict[str, str]] = []


class Report(BaseHTTPRequestHandler):
    """POST /first-boot/…"""

    def do_POST(self) -> None:
        provisioner = self.server
        assert isinstance(provisioner, Provisioner)
        length = int(self.headers["Content-Length"])
        provisioner.heard.append(json.loads(self.rfile.read(length)))
        self.send_response(provisioner.answers[len(provisioner.heard) - 1])
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the tests' console."""


@pytest.fixture
def provisioner() -> Generator[Provisioner]:
    """On a port of its own."""
    with Provisioner() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_repeats_until_it_is_acknowledged_and_then_removes_the_file(
    provisioner: Provisioner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    url = f"http://127.0.0.1:{provisioner.server_port}/first-boot/secret"
    report.write_text(json.dumps({"url": url, "token": "secret"}))
    source = node_tree.own_files()[SCRIPT].replace("/boot/harmony/report.json", str(report))
    machine_id = tmp_path / "machine-id"
    machine_id.write_text("0123456789abcdef0123456789abcdef\n")
    exec(compile(source.replace("/etc/machine-id", str(machine_id)), SCRIPT, "exec"), {})
    assert [said["machine_id"] for said in provisioner.heard] == [
        machine_id.read_text().strip()
    ] * 2
    assert set(provisioner.heard[0]) == {"machine_id", "kernel"}
    assert not report.exists()
    printed = capsys.readouterr().out
    assert "HTTP Error 503" in printed
    assert "secret" not in printed
