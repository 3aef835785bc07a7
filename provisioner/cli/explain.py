"""`provisioner explain HP0001`: the long form of a diagnostic's code, out of explanations.md."""

from __future__ import annotations

import re
from importlib.resources import files

from inventory.errors import OperatorError

_HEADING = re.compile(r"^## (?=HP\d{4})", re.MULTILINE)


class UnknownCodeError(OperatorError):
    """No diagnostic of this product has that code."""


def explain_code(code: str) -> str:
    """The long form of `code`, in any case. Raises UnknownCodeError."""
    known = explanations()
    text = known.get(code.strip().upper())
    if text is None:
        between = f"they go from {min(known)} to {max(known)}"
        raise UnknownCodeError(f"there is no code {code!r}: {between}")
    return text


def explanations() -> dict[str, str]:
    """By code: its heading (code and title), an empty line, its paragraphs."""
    text = (files("inventory") / "explanations.md").read_text(encoding="utf-8")
    return {section[:6]: section.strip() for section in _HEADING.split(text)[1:]}
