"""Where in SITE.py a value was written: a side table by identity, never part of the value itself.

While a declaration file is being executed (`executing`), every value made by a class of metaclass
`DeclaredType` is noted with the innermost frame of that file, and what a constructor refuses
becomes a diagnostic instead of a TypeError, so that `check` can print all of them together.
Outside of it these classes are ordinary dataclasses.
"""

from __future__ import annotations

import ast
import itertools
import sys
import weakref
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import CodeType, FrameType

from inventory.diagnostic import Diagnostic, Place

_Span = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """The call that made a value: `call` is the name called, `arguments` its keyword arguments and,
    under "0", "1", …, its positional ones."""

    call: Place
    arguments: Mapping[str, Place]


@dataclass(eq=False)
class Reading:
    """One declaration file while it is being executed, and what its constructors refused."""

    file: str
    source: str
    refusals: list[Diagnostic] = field(default_factory=list[Diagnostic])
    _calls: dict[_Span, ast.Call] = field(default_factory=dict[_Span, ast.Call])
    _lines: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        self._lines = [line.encode() for line in self.source.split("\n")]
        for node in ast.walk(ast.parse(self.source, self.file)):
            if isinstance(node, ast.Call):
                self._calls[_span(node)] = node

    def origin(self, frame: FrameType | None) -> Origin | None:
        """The call of this file that `frame`, or a frame above it, stands in."""
        while frame is not None and frame.f_code.co_filename != self.file:
            frame = frame.f_back
        if frame is None:
            return None
        span = _executed(frame.f_code, frame.f_lasti)
        if span is None:
            return None
        call = self._calls.get(span)
        if call is None:
            return Origin(self._place(*span), {})
        return Origin(
            self._of(call.func),
            {str(at): self._of(argument) for at, argument in enumerate(call.args)}
            | {word.arg: self._of(word) for word in call.keywords if word.arg},
        )

    def _of(self, node: ast.expr | ast.keyword) -> Place:
        return self._place(*_span(node))

    def _place(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        text = self._lines[line - 1]
        last = end_column if end_line == line else len(text.rstrip())
        return Place(self.file, line, _letters(text, column) + 1, _letters(text, last) + 1)


def _executed(code: CodeType, lasti: int) -> _Span | None:
    """The stretch of source of the instruction at `lasti` (PEP 657)."""
    positions = next(itertools.islice(code.co_positions(), lasti // 2, None), None)
    line, end_line, column, end_column = positions or (None, None, None, None)
    if line is None or end_line is None or column is None or end_column is None:
        return None
    return (line, column, end_line, end_column)


def place_in(code: CodeType, lasti: int, line: int) -> Place:
    """Where the instruction at `lasti` was written; its whole line if Python doesn't say."""
    span = _executed(code, lasti)
    if span is None:
        return Place(code.co_filename, line, 1, 2)
    end_column = span[3] if span[0] == span[2] else span[1] + 1
    return Place(code.co_filename, span[0], span[1] + 1, end_column + 1)


def _letters(text: bytes, offset: int) -> int:
    """Python counts columns in bytes of UTF-8; a person counts letters."""
    return len(text[:offset].decode(errors="replace"))


def _span(node: ast.expr | ast.keyword) -> _Span:
    return (
        node.lineno,
        node.col_offset,
        node.end_lineno or node.lineno,
        node.end_col_offset or node.col_offset,
    )


_READING: ContextVar[Reading | None] = ContextVar("reading", default=None)
_ORIGINS: dict[int, tuple[weakref.ref[object], Origin]] = {}
_REFUSED: dict[int, weakref.ref[object]] = {}


@contextmanager
def executing(reading: Reading) -> Generator[None]:
    """Note places and refusals of what is made meanwhile; may be entered again, for `deploy`."""
    token = _READING.set(reading)
    try:
        yield
    finally:
        _READING.reset(token)


def current_reading() -> Reading | None:
    return _READING.get()


def note_origin(value: object, origin: Origin) -> None:
    """Remember where `value` was written, for as long as it lives."""
    key = id(value)
    _ORIGINS[key] = (weakref.ref(value, lambda _: _ORIGINS.pop(key, None)), origin)


def note_refused(value: object) -> None:
    """Remember that `value` stands in for one that could not be made as written."""
    key = id(value)
    _REFUSED[key] = weakref.ref(value, lambda _: _REFUSED.pop(key, None))


def place_like(value: object, other: object) -> None:
    """Remember that `value`, which nobody wrote, follows from `other`."""
    found = _ORIGINS.get(id(other))
    if found is not None:
        note_origin(value, found[1])


def refused(value: object) -> bool:
    """Whether `value` stands in for one that could not be made: its own faults are told already."""
    return id(value) in _REFUSED


def place_of(value: object, argument: str | None = None) -> Place | None:
    """Where `value` was written, or where its `argument` (the name of a field) was."""
    found = _ORIGINS.get(id(value))
    if found is None:
        return None
    origin = found[1]
    if argument is None:
        return origin.call
    return origin.arguments.get(argument, origin.call)


def innermost_frame() -> FrameType:
    """The caller's caller: for constructors that note where they were called."""
    return sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
