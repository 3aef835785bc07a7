from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.serve.artifact_file import problem_of
from tests.provisioner.serve.world import file

pytestmark = pytest.mark.unit

NOBODY = 65534


def test_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    artifact = file(tmp_path, "image")
    assert problem_of(artifact) == ""
    assert problem_of(replace(artifact, size=7)) == "has 50 bytes, not 7"
    assert problem_of(replace(artifact, path=str(tmp_path))) == "isn't there"
    Path(artifact.path).unlink()
    assert problem_of(artifact) == "isn't there"


def test_a_file_that_this_user_cannot_read_names_the_user(tmp_path: Path) -> None:
    closed = file(tmp_path, "closed")
    Path(closed.path).chmod(0)
    with unprivileged() as user:
        words = problem_of(closed)
    assert words == f"can't be read by {user}: let it read the file and enter its folders"


@contextlib.contextmanager
def unprivileged() -> Generator[str]:
    """Without root's rights to every file; the user's name."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield pwd.getpwuid(os.geteuid()).pw_name
    finally:
        os.seteuid(before)
