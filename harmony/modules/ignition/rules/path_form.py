"""Absolute, and written in the one shortest way."""

from __future__ import annotations

import posixpath


def path_problem(path: str) -> str | None:
    """Why `path` is not one that Ignition takes, or None."""
    if not path.startswith("/"):
        return "is not an absolute path" if path else "is empty"
    if path != posixpath.normpath("/" + path.lstrip("/")):
        return "is not a clean path: it has //, /./, /../ or a slash at its end"
    return None
