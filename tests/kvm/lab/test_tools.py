from __future__ import annotations

from pathlib import Path

import pytest

from kvm.errors import LabLacksTool
from kvm.lab.tools import TOOLS, Tool, require_tools

pytestmark = pytest.mark.unit


def test_a_program_is_found_by_its_name_and_a_file_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tool, file = Tool("frobnicate", "frobnicator"), Tool(str(tmp_path / "rom"), "roms")
    assert (tool.present(), file.present()) == (False, False)
    (tmp_path / "frobnicate").touch(mode=0o755)
    (tmp_path / "rom").touch()
    assert (tool.present(), file.present()) == (True, True)


def test_nothing_is_missing_where_all_is_installed() -> None:
    require_tools()


def test_all_that_is_missing_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabLacksTool) as told:
        require_tools()
    assert str(told.value) == (
        "missing: qemu-img (qemu-utils); apt-get install --no-install-recommends qemu-utils"
    )


def test_each_tool_is_named_once() -> None:
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)
