"""The daemon's compiled modules out of the cache, made if they aren't there yet; as a plugin
(`pytest -p tests.compiled_modules`) it has the tests judge them instead of their sources."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from provisioner.cli.places import cache_folder
from provisioner.compiled import put_in_front
from provisioner.images.compiled import NAME


@cache
def cache_with_compiled_modules() -> Path:
    """The cache, as the daemon is told it."""
    folder = cache_folder()
    command = (sys.executable, "-m", "provisioner.images", "build", NAME, "--cache", str(folder))
    subprocess.run(command, check=True, capture_output=True)
    return folder


def pytest_configure() -> None:
    """Before any test is imported."""
    runs = put_in_front(cache_with_compiled_modules())
    assert runs == "runs compiled", runs
