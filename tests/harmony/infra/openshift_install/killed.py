"""Makes installation assets and is killed at a step: `python -m … FOLDER PROGRAM STEP`; 0 is never."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from harmony.infra.openshift_install.openshift_installer import (
    InstallerSettings,
    OpenshiftInstaller,
)
from tests.harmony.infra.openshift_install.programs import artifact, spec


def installer(folder: Path, step: int = 0) -> OpenshiftInstaller:
    """In `folder`; it prints each step that is done, and kills itself at the given one."""
    told: list[str] = []

    def tell(what: str) -> None:
        told.append(what)
        print(what, flush=True)
        if len(told) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = InstallerSettings(folder / "kept", folder / "scratch")
    return OpenshiftInstaller(settings, time.time, tell)


if __name__ == "__main__":
    one = installer(Path(sys.argv[1]), int(sys.argv[3]))
    asyncio.run(one.ensure_installation_assets(spec(artifact(Path(sys.argv[2])))))
