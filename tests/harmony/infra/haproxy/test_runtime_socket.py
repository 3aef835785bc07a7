from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from harmony.infra.errors import ServiceUnreachableError
from harmony.infra.haproxy.runtime_socket import NobodyListensError, ask

pytestmark = pytest.mark.protocol


def test_a_question_and_all_of_its_answer(tmp_path: Path) -> None:
    asked: list[bytes] = []

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            asked.append(connection.recv(100))
            connection.sendall(b"a\n" * 100_000 + b"\xff\n\n\n")

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        assert ask(tmp_path / "s", "show info") == "a\n" * 100_000 + "\N{REPLACEMENT CHARACTER}"
        thread.join()
    assert asked == [b"show info\n"]
    with pytest.raises(NobodyListensError):
        ask(tmp_path / "s", "show info")


def test_nobody(tmp_path: Path) -> None:
    with pytest.raises(NobodyListensError):
        ask(tmp_path / "none", "show info")


def test_no_socket_at_all(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnreachableError):
        ask(tmp_path / ("long" * 50), "show info")
