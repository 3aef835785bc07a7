"""Lists are easier to write, tuples are values: what a person lists is kept as a tuple."""

from __future__ import annotations


def freeze(value: object, *names: str) -> None:
    """Turn the fields `names` of a frozen dataclass under construction into tuples."""
    for name in names:
        object.__setattr__(value, name, tuple(getattr(value, name)))
