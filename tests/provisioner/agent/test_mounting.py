"""Mounting, in a mount namespace of the test's own."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.protocol

SCRIPT = """
import sys
from pathlib import Path
from provisioner.agent.mounting import mounted
place = Path(sys.argv[1]) / "place"
with mounted(Path("tmpfs"), place, "tmpfs", read_only=False):
    (place / "file").write_text("in the mount")
print(place.exists(), (place / "file").exists())
with mounted(Path("tmpfs"), place, "tmpfs", read_only=True):
    try:
        (place / "file").write_text("")
    except OSError as error:
        print(error.strerror)
try:
    with mounted(Path("tmpfs"), place, "no-such-file-system", read_only=True):
        pass
except OSError as error:
    print(error.strerror)
"""


def test_mounted_for_the_block_and_no_longer(tmp_path: object) -> None:
    done = subprocess.run(
        ["unshare", "--mount", sys.executable, "-c", SCRIPT, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "True False",
        "Read-only file system",
        "mount: No such device",
    ]
