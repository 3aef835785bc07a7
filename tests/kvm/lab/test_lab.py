"""Labs with machines that are switched on, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kvm.errors import LabDidNotStart
from kvm.lab.lab import lab
from tests.kvm.lab.inside import (
    answer,
    left_of,
    links_outside,
    namespaces,
    processes_in,
    started_inside,
)
from tests.kvm.lab.small_lab import BIOS_MAC, SITE, UEFI_MAC

pytestmark = pytest.mark.boot


class SmallLab:
    """A `small_lab` that has come up; `ours` are its own namespaces."""

    def __init__(self, entering: subprocess.Popen[str], directory: Path) -> None:
        self.entering = entering
        self.directory = directory
        self.pid, self.how_to_enter = self.ask("where")
        self.ours = namespaces(self.pid) - namespaces(os.getpid())

    def ask(self, order: str) -> Any:
        assert self.entering.stdin is not None
        self.entering.stdin.write(f"{order}\n")
        self.entering.stdin.flush()
        return answer(self.entering)

    def end(self) -> int:
        assert self.entering.stdin is not None
        self.entering.stdin.close()
        return self.entering.wait(120)

    def programs(self) -> list[str]:
        """What runs in it, by the program's name."""
        return sorted(Path(line.split(" ")[0]).name for line in processes_in(self.ours) if line)


@contextmanager
def small_lab(directory: Path) -> Generator[SmallLab]:
    module = ("-m", "tests.kvm.lab.small_lab")
    with started_inside(sys.executable, *module, str(directory)) as entering:
        yield SmallLab(entering, directory)


def test_bios_and_uefi_ask_for_an_address_on_the_bridge(tmp_path: Path) -> None:
    links = links_outside()
    with small_lab(tmp_path / "lab") as it:
        assert len(it.ours) == 3
        assert it.how_to_enter == f"nsenter --target {it.pid} --mount --net --pid"
        assert it.ask("define") == ["created", "created"]
        assert it.ask("define") == ["unchanged", "unchanged"]
        assert it.ask("redefine") == ["changed", "unchanged", "changed", True, False]
        assert it.ask("start") == [True, True]
        assert it.ask("start") == [False, False]
        assert it.ask("both") == [UEFI_MAC, BIOS_MAC]
        assert it.ask("observe") == [
            ["new", "running", [UEFI_MAC]],
            ["old", "running", [BIOS_MAC]],
        ]
        assert it.ask("stop") == [True, True]
        assert it.ask("stop") == [False, False]
        assert "SeaBIOS" in (it.directory / "old" / "console.log").read_text(errors="replace")
        assert it.end() == 0
        assert left_of(it.ours) == []
    assert links_outside() == links
    assert sorted(file.name for file in (tmp_path / "lab").rglob("*") if file.is_file()) == [
        "console.log",
        "console.log",
        "disk-1.qcow2",
        "disk-1.qcow2",
        "libvirtd.log",
        "nvram.fd",
    ]


def test_two_labs_of_one_site_and_the_one_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    links = links_outside()
    with small_lab(tmp_path / "one") as one, small_lab(tmp_path / "two") as two:
        assert not one.ours & two.ours
        for it in (one, two):
            assert it.ask("start old") is True
        for it in (one, two):
            assert it.ask("one") == [BIOS_MAC]
            assert {"libvirtd", "qemu-system-x86_64"} <= set(it.programs())

        one.entering.send_signal(signal.SIGKILL)
        assert one.entering.wait(60) == -signal.SIGKILL
        assert left_of(one.ours) == []

        assert two.ask("observe") == [["old", "running", [BIOS_MAC]]]
        assert two.ask("reset") is None
        assert two.ask("one") == [BIOS_MAC]
        # With a machine still on: the lab's own end switches it off.
        assert two.end() == 0
        assert left_of(two.ours) == []
    assert links_outside() == links


def test_outside_of_its_namespaces_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARMONY_LAB_PID", raising=False)
    with pytest.raises(LabDidNotStart, match="only made inside"), lab(SITE, tmp_path / "lab", {}):
        pass
    assert not (tmp_path / "lab").exists()
