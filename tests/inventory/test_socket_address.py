from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from inventory.socket_address import socket_address

pytestmark = pytest.mark.unit


def not_needed(folder: Path) -> NoReturn:
    raise AssertionError(f"{folder} needs no descriptor")


def test_a_path_that_fits_is_taken_as_it_is() -> None:
    path = Path("/" + "s" * 95 + "/admin.sock")
    assert len(str(path)) == 107
    assert socket_address(path, not_needed) == str(path)


@pytest.mark.parametrize("folder", ["/" + "s" * 96, "/" + "é" * 50, "/state" * 40])
def test_a_longer_one_goes_by_its_folder(folder: str) -> None:
    asked: list[Path] = []

    def seventh(opened: Path) -> int:
        asked.append(opened)
        return 7

    assert socket_address(Path(folder, "admin.sock"), seventh) == "/proc/self/fd/7/admin.sock"
    assert asked == [Path(folder)]
