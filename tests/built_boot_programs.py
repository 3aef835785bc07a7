"""iPXE's programs out of the cache; unpacked if they aren't there yet."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from provisioner.cli.places import cache_folder
from provisioner.images.boot_programs import NAME, folder_in


@cache
def boot_programs() -> Path:
    """Their folder, as the daemon is told it."""
    folder = cache_folder()
    command = (sys.executable, "-m", "provisioner.images", "build", NAME, "--cache", str(folder))
    subprocess.run(command, check=True, capture_output=True)
    return folder_in(folder)
