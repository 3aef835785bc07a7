"""systemd itself judges the units: Debian's systemd-analyze, unpacked under the cache, never installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.cli import daemon_unit, service_unit
from provisioner.cli.places import cache_folder
from provisioner.cli.unit_file import DAEMON, SERVICE, Service

pytestmark = pytest.mark.protocol

# systemd-analyze's exposure, from 0 (safe) to 10. What remains of the daemon's: the network, raw frames and
# low ports; of the command's: root's user id, the network, and reading what lies in closed homes.
EXPOSURE = {DAEMON: 1.6, SERVICE: 1.8}


@pytest.fixture(scope="module")
def systemd() -> Path:
    """A tree that holds systemd's programs and libraries."""
    said = subprocess.run(
        (
            *(sys.executable, "-m", "provisioner.images", "unpack", "systemd"),
            *("--cache", str(cache_folder())),
        ),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return Path(json.loads(said.splitlines()[-1])["path"])


def analyze(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    libraries = (tree / "lib/x86_64-linux-gnu", tree / "usr/lib/x86_64-linux-gnu")
    private = (tree / "lib/x86_64-linux-gnu/systemd", tree / "usr/lib/x86_64-linux-gnu/systemd")
    return subprocess.run(
        (str(tree / "usr/bin/systemd-analyze"), *arguments),
        env={
            **os.environ,
            "LD_LIBRARY_PATH": ":".join(map(str, (*private, *libraries))),
            "SYSTEMD_UNIT_PATH": f"{tree}/lib/systemd/system:{tree}/usr/lib/systemd/system",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(params=EXPOSURE)
def unit_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    service = Service(
        python=Path("/bin/true"),
        code=(Path("/root/.local/pipx/venvs/a:b"),),
        site_file=Path("/etc/50% of $ites/site.py"),
        state=Path("/var/lib/a:b"),
        cache=Path("/var/cache/harmony-provisioner"),
    )
    for name, render in ((DAEMON, daemon_unit.render), (SERVICE, service_unit.render)):
        (tmp_path / name).write_text(render(service))
    return tmp_path / str(request.param)


def test_every_line_of_it_is_known_to_systemd(systemd: Path, unit_file: Path) -> None:
    judged = analyze(systemd, "verify", "--man=no", "--recursive-errors=no", str(unit_file))
    assert (judged.returncode, judged.stdout + judged.stderr) == (0, "")


def test_it_is_hardened(systemd: Path, unit_file: Path) -> None:
    judged = analyze(systemd, "security", "--offline=yes", "--no-pager", str(unit_file))
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged.stdout)
    assert exposure, judged.stdout + judged.stderr
    assert float(exposure[1]) <= EXPOSURE[unit_file.name], judged.stdout
