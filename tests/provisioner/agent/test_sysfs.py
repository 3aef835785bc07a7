"""Files of /sys that are missing or refuse to be read are empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.agent.sysfs import read_link_name, read_text

pytestmark = pytest.mark.unit


def test_text_and_links(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"  QEMU\0\n")
    (tmp_path / "driver").symlink_to("../drivers/igb")
    assert read_text(tmp_path / "model") == "QEMU"
    assert read_link_name(tmp_path / "driver") == "igb"


def test_what_can_not_be_read_is_empty(tmp_path: Path) -> None:
    assert read_text(tmp_path / "absent") == ""
    assert read_text(tmp_path) == ""
    assert read_link_name(tmp_path / "absent") == ""
