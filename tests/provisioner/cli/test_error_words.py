"""Errors in one line, whole."""

from __future__ import annotations

import pytest

from inventory.diagnostic import Diagnostic
from inventory.errors import HarmonyError, OperatorError, PeerError
from provisioner.cli.error_words import error_words

pytestmark = pytest.mark.unit

MISSING = Diagnostic("HP0201", "the artifact vmlinuz isn't there")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PeerError("nobody answers"), "nobody answers"),
        (OperatorError("refused", (MISSING, MISSING)), f"refused: {MISSING.message}"),
        (
            OperatorError(f"refused, as {MISSING.message}", (MISSING,)),
            f"refused, as {MISSING.message}",
        ),
    ],
)
def test_diagnostics_are_told_once(error: HarmonyError, words: str) -> None:
    assert error_words(error) == words
