"""How large numbers, texts and lists of a machine's message may be, so that it harms nobody else.

A number that no disk or memory can have would fail only where it is divided, for everybody who asks.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import cast

from provisioner.protocol.boot.errors import ImpossibleReport

MOST_PARTS = 256
MOST_CHARACTERS = 1000
BEYOND_NUMBERS = 2**63


def require_bounds(value: object) -> None:
    """Of a message, all that is in it. Raises ImpossibleReport."""
    match value:
        case str() if len(value) > MOST_CHARACTERS:
            raise ImpossibleReport(f"a text of more than {MOST_CHARACTERS} characters")
        case int() if not 0 <= value < BEYOND_NUMBERS:
            raise ImpossibleReport("a number below 0 or beyond all measure")
        case float() if not abs(value) < BEYOND_NUMBERS:
            raise ImpossibleReport("a number beyond all measure")
        case tuple():
            parts = cast("tuple[object, ...]", value)
            if len(parts) > MOST_PARTS:
                raise ImpossibleReport(f"more than {MOST_PARTS} NICs, disks or other parts")
            for part in parts:
                require_bounds(part)
        case _ if is_dataclass(value):
            for field in fields(value):
                require_bounds(getattr(value, field.name))
        case _:
            return
