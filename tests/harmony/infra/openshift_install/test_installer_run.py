from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from harmony.infra.openshift_install.errors import InstallerFailedError, InstallerMismatchError
from harmony.infra.openshift_install.installer_command import Installer, Step
from harmony.infra.openshift_install.installer_run import InstallerRun, version_in

pytestmark = pytest.mark.protocol

OLD_STYLE = "4.19.0-0.okd-2025-01-01-000000"
SECRET = '{"auths":{"quay.io":{"auth":"aWQ6cGFzc3dvcmQ="}}}'


def script(folder: Path, body: str) -> Path:
    path = folder / "openshift-install"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def run(folder: Path, body: str, patience: float = 60.0) -> InstallerRun:
    installer = Installer(str(script(folder, body)), home=str(folder / "home"))
    return InstallerRun(installer, folder, os.open(folder, os.O_RDONLY), patience, (SECRET,))


def ended(one: InstallerRun, doing: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(doing)
    finally:
        os.close(one.lock)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("4.19.0-okd-scos.19", "4.19.0-okd-scos.19"),
        ("4.19", "4.19.0-okd-scos.19"),
        ("4.1", "4.1.2"),
    ],
)
def test_the_declared_release(tmp_path: Path, declared: str, said: str) -> None:
    one = run(tmp_path, f"echo ./openshift-install {said}; echo built from commit 0")
    ended(one, one.check_version(declared))


@pytest.mark.parametrize(
    ("declared", "said"),
    [("4.19.0", "v4.18.0"), ("4.1", "v4.19.0"), ("4.19.0-okd-scos.19", "4.19.0"), ("4.19", "")],
)
def test_another_release(tmp_path: Path, declared: str, said: str) -> None:
    one = run(tmp_path, f"echo ./openshift-install {said}")
    with pytest.raises(InstallerMismatchError, match=f"and {declared} is declared: declare that"):
        ended(one, one.check_version(declared))


def test_a_program_without_a_version(tmp_path: Path) -> None:
    one = run(tmp_path, "echo what >&2; exit 2")
    with pytest.raises(InstallerFailedError, match="version ended with 2\n  what"):
        ended(one, one.check_version("4.19"))


def test_its_failure_has_its_last_lines_without_secrets(tmp_path: Path) -> None:
    one = run(tmp_path, f"echo first; echo '{SECRET}' >&2; echo level=fatal >&2; exit 3")
    with pytest.raises(InstallerFailedError) as failed:
        ended(one, one.step(Step.MANIFESTS, tmp_path))
    assert str(failed.value).split("\n") == [
        "openshift-install create manifests ended with 3: the install-config is refused",
        "  first",
        "  (secret)",
        "  level=fatal",
    ]
    assert "auths" not in repr(one)


def test_one_that_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    one = run(tmp_path, "sleep 1000 & echo $! $$ >&2; wait", patience=0.5)
    with pytest.raises(InstallerFailedError, match=r"hadn't ended after 0\.5 s") as failed:
        ended(one, one.step(Step.MANIFESTS, tmp_path))
    for pid in str(failed.value).split("\n")[1].split():
        assert not is_running(int(pid))


def test_stopped_from_outside_it_leaves_nothing_running(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    os.mkfifo(told)
    one = run(tmp_path, f"echo $$ > {told}; exec sleep 1000")

    async def cancelled() -> int:
        async with asyncio.TaskGroup() as tasks:
            step = tasks.create_task(one.step(Step.MANIFESTS, tmp_path))
            pid = int(await asyncio.to_thread(told.read_text))
            step.cancel()
        return pid

    assert not is_running(asyncio.run(cancelled()))
    os.close(one.lock)


def is_running(pid: int) -> bool:
    """A zombie that nobody has asked for yet doesn't run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_cannot_be_run(tmp_path: Path) -> None:
    one = run(tmp_path, "")
    Path(one.installer.executable).chmod(0o644)
    with pytest.raises(InstallerFailedError, match="can't be run: Permission denied"):
        ended(one, one.step(Step.MANIFESTS, tmp_path))


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("/usr/bin/openshift-install 4.19.0\nbuilt from commit 0\n", "4.19.0"),
        ("openshift-install v4.19.0", "v4.19.0"),
        ("/srv/my sites/okd 4.18/openshift-install 4.19.0-0.okd-2025-01-01-000000 \r\n", OLD_STYLE),
        ("", ""),
        ("openshift-install", ""),
        ("Usage: openshift-install COMMAND", ""),
    ],
)
def test_where_its_version_stands(output: str, version: str) -> None:
    assert version_in(output) == version
