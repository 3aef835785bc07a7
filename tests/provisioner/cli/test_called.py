from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.called import called, called_with_rights

pytestmark = pytest.mark.unit

CHECKOUT = Path("/home/somebody/harmony")
OWN, PIPX = CHECKOUT / ".venv", Path("/home/somebody/.local/share/pipx/venvs/harmony-provisioner")


@pytest.mark.parametrize(
    ("here", "environment", "words"),
    [
        (CHECKOUT, OWN, "./dev provisioner"),
        (Path("/srv"), OWN, "/home/somebody/harmony/.venv/bin/provisioner"),
        (Path("/srv"), PIPX, "provisioner"),
    ],
)
def test_as_it_can_be_typed(here: Path, environment: Path, words: str) -> None:
    assert called(here, environment, CHECKOUT) == words


@pytest.mark.parametrize(
    ("program", "verb", "words"),
    [
        ("./dev provisioner", "serve", "sudo ./dev provisioner serve"),
        ("./dev provisioner", "rehearse", "./dev provisioner rehearse"),
        ("provisioner", "rehearse", "sudo provisioner rehearse"),
    ],
)
def test_rights_are_had_as_they_were(program: str, verb: str, words: str) -> None:
    assert called_with_rights(verb, program, {"SUDO_UID": "1000"}) == words
    assert called_with_rights(verb, program, {}) == f"{program} {verb}"
