"""A service to render units of, and the settings of what was rendered."""

from __future__ import annotations

from pathlib import Path

from provisioner.cli.unit_file import Service

SERVICE = Service(
    python=Path("/root/venv/bin/python"),
    code=(Path("/root/venv"),),
    site_file=Path("/etc/harmony/50%.py"),
    state=Path("/var/lib/harmony-provisioner"),
    cache=Path("/var/cache/harmony-provisioner"),
)


def settings(text: str, key: str) -> list[str]:
    """Every value of one setting, in the unit's order."""
    lines = (line.partition("=") for line in text.splitlines())
    return [value for name, _, value in lines if name == key]
