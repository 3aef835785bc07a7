"""What every part of a config has in common, and the facts about a field that its type can't say.

A part has every field of 3.5; from which version on a field exists is written on it (`Since`), so is
how a list merges (`Appended`, `KeySpace`). Field names are the spec's own. `null` says nothing, as in
Ignition, and an unknown key is an error: Ignition would ignore a misspelled one without a word.
Facts: config/vX_Y/schema/ignition.json and config/vX_Y/types of https://github.com/coreos/ignition
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from harmony.modules.ignition.version import SpecVersion

JsonPath = tuple[str | int, ...]
Text = Annotated[str, Strict()]
Flag = Annotated[bool, Strict()]
# As wide as the integers of the engine, which is written in Go.
Whole = Annotated[int, Strict(), Field(ge=-(2**63), lt=2**63)]


@dataclass(frozen=True, slots=True)
class Since:
    """The field exists from this version on."""

    version: SpecVersion


@dataclass(frozen=True, slots=True)
class Appended:
    """The list of the child is put behind the parent's, equal entries and all."""


@dataclass(frozen=True, slots=True)
class KeySpace:
    """Lists of one part with the same `name` share their keys: what is in one is in no other."""

    name: str


class Part(BaseModel):
    """An object of a config."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _null_says_nothing(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        said = cast("dict[str, object]", given)
        return {name: value for name, value in said.items() if value is not None}


class Keyed(Part, ABC):
    """An entry of a list: two with the same key are the same thing."""

    @property
    @abstractmethod
    def key(self) -> str:
        """What tells it from the others of its list."""


def parts_of(part: Part, at: JsonPath = ()) -> Iterator[tuple[JsonPath, Part]]:
    """`part` and every part in it, each with its path, the outer before the inner."""
    yield at, part
    for name in type(part).model_fields:
        value: object = getattr(part, name)
        if isinstance(value, Part):
            yield from parts_of(value, (*at, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Part):
                    yield from parts_of(item, (*at, name, index))


def key_of(item: object) -> str:
    """What an entry of a list is found by: plain text is its own key."""
    return item.key if isinstance(item, Keyed) else str(item)


def says(value: object) -> bool:
    """Whether a field's value says anything: an empty list or section doesn't, `false` and "" do."""
    if isinstance(value, Part):
        return any(says(getattr(value, name)) for name in type(value).model_fields)
    return value is not None and value != ()


def marks(part: Part, field: str) -> tuple[object, ...]:
    """The `Since`, `Appended` and `KeySpace` written on a field."""
    return tuple(type(part).model_fields[field].metadata)
