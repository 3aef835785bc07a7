from __future__ import annotations

import socket
from pathlib import Path

import pytest

from provisioner.serve.reached_socket import reached_socket

pytestmark = pytest.mark.protocol


@pytest.mark.parametrize("folder", ["short", "l" * 200])
def test_a_socket_is_bound_and_connected_at_its_path(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "a.sock"
    path.parent.mkdir()
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as client:
        with reached_socket(path) as address:
            listener.bind(address)
        assert path.is_socket()
        listener.listen()
        with reached_socket(path) as address:
            client.connect(address)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_a_long_path_whose_folder_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), reached_socket(tmp_path / ("l" * 200) / "a.sock"):
        pass
