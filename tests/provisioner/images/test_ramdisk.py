"""The finished ramdisk: complete, and runnable without a machine as far as a chroot goes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.images import ramdisk, ramdisk_python
from tests.provisioner.images.built_ramdisk import built_ramdisk
from tests.provisioner.images.debian_programs import link_programs

pytestmark = pytest.mark.boot


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ramdisk's root, unpacked."""
    _, initrd = built_ramdisk()
    folder = tmp_path_factory.mktemp("root")
    plain = subprocess.run(["zstd", "-dcq", str(initrd)], check=True, capture_output=True).stdout
    subprocess.run(["busybox", "cpio", "-idm"], input=plain, cwd=folder, check=True)
    return folder


def test_the_agent_starts_with_what_is_there(root: Path) -> None:
    script = (
        "import provisioner.agent.__main__, encodings.idna, hashlib, sys\n"
        "from provisioner.agent.zstd import FrameDecoder\n"
        "FrameDecoder(4096)\n"
        "print(hashlib.sha256(), sys.modules['provisioner.agent.machine'].__file__)"
    )
    done = subprocess.run(
        ["chroot", str(root), f"/{ramdisk_python.INTERPRETER}", "-I", "-S", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "sha256 _hashlib.HASH" in done.stdout
    assert "/usr/lib/python3.11/provisioner/agent/machine.pyc" in done.stdout


@pytest.mark.parametrize("script", ["init", "etc/address"])
def test_busybox_can_read_our_scripts(root: Path, script: str) -> None:
    subprocess.run(["chroot", str(root), "/bin/sh", "-n", f"/{script}"], check=True)


def test_busybox_has_every_program_that_they_call(root: Path) -> None:
    listed = subprocess.run(
        ["chroot", str(root), "/bin/busybox", "--list"], check=True, capture_output=True, text=True
    ).stdout.split()
    called = [
        "mount",
        "find",
        "sort",
        "mv",
        "xargs",
        "modprobe",
        "tr",
        "cat",
        "ip",
        "udhcpc",
        "awk",
        "grep",
        "tail",
        "sleep",
        "cut",
    ]
    assert set(called) <= set(listed)


def test_it_is_built_with_the_programs_that_every_debian_has(tmp_path: Path) -> None:
    link_programs(tmp_path / "programs")
    done = subprocess.run(
        (sys.executable, "-m", "provisioner.images", "build", ramdisk.NAME, "--cache", tmp_path),
        env={**os.environ, "PATH": str(tmp_path / "programs")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_recipe_changes_with_the_agents_sources() -> None:
    inputs = ramdisk.recipe().inputs
    assert '"provisioner/agent/machine.py"' in inputs
    assert '"ramdisk_modules.py"' in inputs
    assert '"init"' in inputs
