from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.serve.errors import SecondDaemon
from provisioner.serve.state_lock import StateLock

pytestmark = pytest.mark.unit


def test_one_at_a_time_and_the_other_is_named(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("99999999 of a killed one")
    first = StateLock(tmp_path)
    assert (tmp_path / "lock").read_text() == str(os.getpid())
    with pytest.raises(SecondDaemon, match=f"process {os.getpid()}"):
        StateLock(tmp_path)
    first.release()
    StateLock(tmp_path).release()
