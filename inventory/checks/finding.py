"""The findings of the checks: diagnostics placed at the argument that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.codes import Code
from inventory.diagnostic import Diagnostic, Place, Severity
from inventory.place import place_of, refused

Findings = Iterator[Diagnostic]


def finding(
    code: Code,
    message: str,
    value: object,
    argument: str | None = None,
    *,
    label: str,
    help: str,
    notes: Iterable[str] = (),
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    """A diagnostic at `argument` of `value`, or at `value` itself."""
    place = place_of(value, argument)
    return Diagnostic(code, message, place, label, tuple(notes), (help,), severity)


def first_place(what: str, value: object, argument: str | None = None) -> tuple[str, ...]:
    """The note that says where the other of two is; nothing if that is not known."""
    place: Place | None = place_of(value, argument)
    return (f"{what} at {place.file}:{place.line}",) if place else ()


def told_already(value: object, text: str) -> bool:
    """Whether `text` is empty because `value` was refused for lack of it."""
    return not text and refused(value)
