"""What a machine has that a rehearsal or a test must leave as it was: packages, services, network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

SERVICES = ("/etc/systemd/system", "/etc/init.d", *(f"/etc/rc{level}.d" for level in "0123456S"))
_PASSING = ("valid_life_time", "preferred_life_time", "expires")
"""What of addresses and routes only counts down."""


def left_on_machine() -> dict[str, Any]:
    """To be compared as a whole."""
    return {
        "packages": _said("dpkg-query", "--show").splitlines(),
        "services": sorted(str(path) for folder in SERVICES for path in Path(folder).rglob("*")),
        "links": json.loads(_said("ip", "-json", "address"), object_hook=_lasting),
        "routes": json.loads(_said("ip", "-json", "route"), object_hook=_lasting),
    }


def _lasting(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in _PASSING}


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
