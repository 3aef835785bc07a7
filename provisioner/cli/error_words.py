"""An error as the one line that a person reads."""

from __future__ import annotations

from inventory.errors import HarmonyError, OperatorError


def error_words(error: HarmonyError) -> str:
    """Its message, with those of its diagnostics that the message does not say already."""
    words = str(error)
    if isinstance(error, OperatorError):
        told = dict.fromkeys(one.message for one in error.diagnostics if one.message not in words)
        if told:
            return f"{words}: {'; '.join(told)}"
    return words
