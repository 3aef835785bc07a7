"""A Score as a document: JSON with its `kind`, read back only for kinds in a given list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harmony.domain.score import Score
from inventory import declaration
from inventory.errors import OperatorError


class UnknownKindError(OperatorError):
    """The document is of a kind that is not in the list, or not one of that kind."""


def kind_of(score: type[Score[Any]]) -> str:
    """The path of a Score's class: its module and name."""
    return f"{score.__module__}.{score.__qualname__}"


def to_document(score: Score[Any]) -> dict[str, Any]:
    fields: dict[str, Any] = TypeAdapter(type(score)).dump_python(score, mode="json")
    return {"kind": kind_of(type(score)), **fields}


def from_document(document: Mapping[str, Any], kinds: Iterable[type[Score[Any]]]) -> Score[Any]:
    """The Score that `document` tells of. Raises UnknownKindError; imports nothing."""
    fields = dict(document)
    kind = fields.pop("kind", None)
    for known in kinds:
        if kind_of(known) == kind:
            try:
                return TypeAdapter(known).validate_json(json.dumps(fields))
            except ValidationError as error:
                raise UnknownKindError(f"not a document of {kind}: {error}") from error
    raise UnknownKindError(f"no Score of kind {kind!r} is known")


def digest(score: Score[Any]) -> str:
    """sha256, in hex, of the Score's canonical JSON."""
    return declaration.digest(to_document(score))
