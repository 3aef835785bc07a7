from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.called import called

pytestmark = pytest.mark.unit

CHECKOUT = Path("/home/somebody/harmony")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (CHECKOUT / ".venv", "./dev provisioner"),
        (Path("/home/somebody/.local/share/pipx/venvs/harmony-provisioner"), "provisioner"),
    ],
)
def test_as_it_can_be_typed(environment: Path, words: str) -> None:
    assert called(environment, CHECKOUT) == words
