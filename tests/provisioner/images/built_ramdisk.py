"""The ramdisk out of the cache; built if it isn't there yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from provisioner.cli.places import cache_folder


def built_ramdisk() -> tuple[Path, Path]:
    """Kernel and initrd of the ramdisk as the sources are now."""
    done = subprocess.run(
        [sys.executable, "-m", "provisioner.images", "build", "ramdisk", "--cache", cache_folder()],
        check=True,
        capture_output=True,
    )
    artifacts = json.loads(done.stdout.splitlines()[-1])["artifacts"]
    paths = {artifact["name"]: Path(artifact["path"]) for artifact in artifacts}
    return paths["vmlinuz"], paths["initrd.img"]
