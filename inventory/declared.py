"""The metaclass of everything a person writes in SITE.py: notes places, and takes what was written.

While a declaration is read, a call with an unknown keyword, a missing argument or a value of the
wrong type makes diagnostics and a stand-in value, so that the reading goes on to the next fault.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import Origin, current_reading, innermost_frame, note_origin, note_refused

_Arguments = dict[str, Any]


class DeclaredType(type):
    """Outside of a reading a plain call; the checkers see the dataclass's own constructor."""

    if not TYPE_CHECKING:

        def __call__(cls, *args, **kwargs):
            reading = current_reading()
            if reading is None:
                return super().__call__(*args, **kwargs)
            origin = reading.origin(innermost_frame())
            call = Call(cls, args, kwargs, origin)
            value = call.made(super().__call__)
            reading.refusals.extend(call.refusals)
            if call.refusals:
                note_refused(value)
            if origin is not None:
                note_origin(value, call.named_origin(origin))
            return value


class Call:
    """One call of a constructor as it was written: its refusals, and the value of the rest."""

    def __init__(
        self, cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any], origin: Origin | None
    ) -> None:
        self._cls: type[Any] = cls
        self._fields: dict[str, Field[Any]] = {
            field.name: field for field in fields(cls) if field.init
        }
        self._positions = [name for name, field in self._fields.items() if not field.kw_only]
        self._origin = None if origin is None else self.named_origin(origin)
        self.refusals: list[Diagnostic] = []
        self._arguments = self._bound(args, kwargs)

    def named_origin(self, origin: Origin) -> Origin:
        """`origin` with positional arguments under the names of their fields."""
        names = {str(at): name for at, name in enumerate(self._positions)}
        return Origin(
            origin.call, {names.get(at, at): place for at, place in origin.arguments.items()}
        )

    def made(self, construct: Any) -> Any:
        """The value, or a stand-in whose refused arguments are replaced by defaults."""
        bad = self._wrongly_typed() if issubclass(self._cls, Declared) else ()
        for name in bad:
            self._refuse_type(name)
        if not self.refusals:
            try:
                return construct(**self._arguments)
            except ValidationError as error:
                self._refuse_invalid(error)
        if not issubclass(self._cls, Declared):
            return object.__new__(self._cls)
        sound = {name: value for name, value in self._arguments.items() if name not in bad}
        blanks = {
            name: _blank(_hints(self._cls)[name])
            for name, field in self._fields.items()
            if _required(field) and name not in sound
        }
        return construct(**sound, **blanks)

    def _bound(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> _Arguments:
        bound: _Arguments = dict(zip(self._positions, args, strict=False))
        name = self._cls.__name__
        if len(args) > len(self._positions):
            self._refuse(
                Code.UNKNOWN_KEYWORD,
                f"{name} takes {len(self._positions)} arguments by position, {len(args)} are given",
                at=str(len(self._positions)),
            )
        for word, value in kwargs.items():
            if word not in self._fields:
                self._refuse_unknown(word)
            elif word in bound:
                self._refuse(Code.UNKNOWN_KEYWORD, f"{name} gets {word!r} twice", at=word)
            else:
                bound[word] = value
        misspelt = {_nearest(word, self._fields) for word in kwargs if word not in self._fields}
        for word, field in self._fields.items():
            if word not in bound and word not in misspelt and _required(field):
                self._refuse(
                    Code.MISSING_ARGUMENT,
                    f"{name} lacks its {word!r}",
                    label=f"needs {word}",
                    help=f"write {name}({self._sketch()})",
                )
        return bound

    def _sketch(self) -> str:
        return ", ".join(f"{name}=…" for name, field in self._fields.items() if _required(field))

    def _refuse_unknown(self, word: str) -> None:
        known = [name for name in self._fields if name != "kind"]
        near = _nearest(word, known)
        takes = f"{self._cls.__name__} takes {', '.join(known) or 'nothing'}"
        self._refuse(
            Code.UNKNOWN_KEYWORD,
            f"{self._cls.__name__} has no {word!r}",
            at=word,
            label=f"did you mean {near}?" if near else "unknown keyword",
            help=f"did you mean {near!r}?" if near else takes,
            notes=(takes,) if near else (),
        )

    def _wrongly_typed(self) -> tuple[str, ...]:
        return tuple(
            name for name, value in self._arguments.items() if not self._takes(name, value)
        )

    def _takes(self, name: str, value: object) -> bool:
        try:
            TypeAdapter[Any](_hints(self._cls)[name]).validate_python(value, strict=True)
        except ValidationError:
            return False
        return True

    def _refuse_type(self, name: str) -> None:
        value, hint = self._arguments[name], _hints(self._cls)[name]
        help = ""
        if self._takes(name, [value]):
            help = f"put it in brackets: {name}=[…]"
        elif isinstance(hint, type) and issubclass(hint, Enum):
            help = f"write one of {', '.join(f'{hint.__name__}.{one.name}' for one in hint)}"
        words = f"{self._cls.__name__}.{name}: {_short(value)} is not {_words(hint)}"
        self._refuse(Code.WRONG_TYPE, words, at=name, help=help)

    def _refuse_invalid(self, error: ValidationError) -> None:
        """A Score's own rules are pydantic's; each broken one is a finding at its argument."""
        seen: set[str] = set()
        for detail in error.errors(include_url=False):
            name = str(detail["loc"][0]) if detail["loc"] else ""
            if name in seen:
                continue
            seen.add(name)
            dot = f".{name}" if name else ""
            self._refuse(Code.WRONG_TYPE, f"{self._cls.__name__}{dot}: {detail['msg']}", at=name)

    def _refuse(
        self,
        code: Code,
        message: str,
        *,
        at: str = "",
        label: str = "",
        help: str = "",
        notes: tuple[str, ...] = (),
    ) -> None:
        origin = self._origin
        place = None if origin is None else origin.arguments.get(at, origin.call)
        helps = (help,) if help else (f"see the fields of {self._cls.__name__}",)
        self.refusals.append(Diagnostic(code, message, place, label, notes, helps))


class Declared(metaclass=DeclaredType):
    """Base of the inventory's values."""


def _nearest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _blank(hint: Any) -> Any:
    """Something of the right kind that no check has a word to say about."""
    return "" if hint is str else ()


def _words(hint: Any) -> str:
    members = typing.get_args(hint) or (hint,)
    names = [getattr(member, "__name__", str(member)) for member in members]
    return " or ".join(dict.fromkeys("None" if name == "NoneType" else name for name in names))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
