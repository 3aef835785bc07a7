"""The boot scripts' templates, read once at the edge and passed on as a value."""

from __future__ import annotations

from importlib.resources import files


def read_templates() -> dict[str, str]:
    """Every template's text by its file name."""
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".ipxe.j2")
    }
