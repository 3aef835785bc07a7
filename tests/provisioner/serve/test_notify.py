from __future__ import annotations

import socket
from pathlib import Path

import pytest

from provisioner.serve.notify import notify

pytestmark = pytest.mark.protocol


def test_systemd_is_told_by_path_and_by_abstract_name(tmp_path: Path) -> None:
    for address, name in (
        (str(tmp_path / "notify"), str(tmp_path / "notify")),
        (f"\0{tmp_path}", f"@{tmp_path}"),
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(address)
            systemd.settimeout(5)
            notify("READY=1", name)
            assert systemd.recv(100) == b"READY=1"


def test_nobody_listening_is_no_reason_to_stop(tmp_path: Path) -> None:
    notify("READY=1", None)
    notify("READY=1", str(tmp_path / "nobody"))
