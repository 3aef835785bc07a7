"""Whether an artifact's file is as it was contributed: somebody may have emptied the cache since."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from inventory.contribution import Artifact


def problem_of(artifact: Artifact) -> str:
    """What is wrong with the file, after its name: "isn't there", its size, or who can't read it; empty
    if nothing is. Its content is for its readers to verify."""
    path = Path(artifact.path)
    try:
        if not path.is_file():
            return "isn't there"
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except PermissionError:
        user = _user_name(os.geteuid())
        return f"can't be read by {user}: let it read the file and enter its folders"
    except OSError as error:
        return f"can't be read: {error.strerror}"
    return "" if size == artifact.size else f"has {size} bytes, not {artifact.size}"


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
