"""The ramdisk out of the cache; built if it isn't there yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from provisioner.cli.places import cache_folder
from provisioner.images import ramdisk
from provisioner.images.cache import Cache


def built_ramdisk() -> tuple[Path, Path]:
    """Kernel and initrd of the ramdisk as the sources are now."""
    folder = cache_folder()
    subprocess.run(
        [sys.executable, "-m", "provisioner.images", "build", "ramdisk", "--cache", str(folder)],
        check=True,
        capture_output=True,
    )
    built = Cache(folder).find(ramdisk.recipe())
    assert built is not None
    kernel, initrd = built.artifacts
    return Path(kernel.path), Path(initrd.path)
