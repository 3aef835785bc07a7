"""Lines on consoles, and the kernel's log."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.agent.console import kernel_log_tail, say
from tests.provisioner.agent.sysfs_tree import write_files

pytestmark = pytest.mark.unit


def test_every_console_that_can_be_written_to(tmp_path: Path) -> None:
    write_files(tmp_path, {"sys/class/tty/console/active": "ttyS1 tty0 ttyS0", "dev/tty0": b""})
    (tmp_path / "dev/ttyS1").mkdir()
    say("written and verified", tmp_path)
    for name in ("tty0", "ttyS0"):
        assert (tmp_path / "dev" / name).read_text() == "harmony: written and verified\n"


def test_the_kernels_words(tmp_path: Path) -> None:
    log = tmp_path / "kmsg"
    log.write_bytes(b"6,339,5140900,-;I/O error, dev vda\n SUBSYSTEM=block\n")
    assert kernel_log_tail(5, log) == ("[5.141] I/O error, dev vda",)
    assert kernel_log_tail(5, tmp_path / "absent") == ()
