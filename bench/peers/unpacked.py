"""A peer's Debian package, downloaded and unpacked into the cache: never installed, so nothing of it is
enabled or started on the machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from inventory.errors import OperatorError
from provisioner.images.unpacked_tools import environment


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`tree` has the package and what it needs beyond what is installed here."""

    tree: Path
    versions: Mapping[str, str]

    def command(self, program: str, *arguments: str) -> tuple[str, ...]:
        """One that runs a program of the tree (`usr/sbin/nginx`) with the tree's libraries."""
        libraries = environment(self.tree, {})["LD_LIBRARY_PATH"]
        return ("env", f"LD_LIBRARY_PATH={libraries}", str(self.tree / program), *arguments)


PACKAGES = ("kea-dhcp4-server", "tftpd-hpa", "atftpd", "nginx-light")


def versions(folder: Path) -> dict[str, str]:
    """Of all peers that are unpacked and not installed."""
    return {package: unpacked(package, folder).versions[package] for package in PACKAGES}


@cache
def unpacked(package: str, folder: Path) -> Unpacked:
    """Out of the cache in `folder`; fetched from this machine's mirrors if it isn't there yet."""
    command = (sys.executable, "-m", "provisioner.images", "unpack", package)
    done = subprocess.run(
        (*command, "--cache", str(folder)), text=True, stdout=subprocess.PIPE, check=False
    )
    told = json.loads(done.stdout.splitlines()[-1])
    if done.returncode != 0:
        raise OperatorError(f"{package} can't be unpacked: {told['error']}")
    return Unpacked(Path(told["path"]), told["versions"])
