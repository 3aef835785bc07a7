"""Versions of the machine's own Debian packages, for the record of what a rehearsal ran on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable


def installed_versions(names: Iterable[str]) -> dict[str, str]:
    """By package name; one that isn't installed is left out."""
    asked = ("dpkg-query", "--show", "--showformat=${Package} ${Version}\\n", *names)
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    pairs = (line.split(" ", 1) for line in answer.stdout.splitlines())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[1]}
