"""A file of the installer as typed values: said or not said, never filled up with defaults.

Fields are called as Python does and written as the installer calls them. Reading what was written gives
the same value, and whatever a published example says is said again.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic.alias_generators import to_camel

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError

_CAPITALS = re.compile(r"(?<=[a-z])(Ip|Mtu|Ntp|Url)(?![a-z])")


def installers_name(name: str) -> str:
    """`rendezvous_ip` is `rendezvousIP`."""
    return _CAPITALS.sub(lambda word: word[0].upper(), to_camel(name))


class Part(BaseModel):
    """Unknown keys are errors: the installer would refuse them, or do without a word what nobody meant."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=installers_name, populate_by_name=True
    )

    @model_serializer(mode="wrap")
    def _only_what_is_said(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in whole(self).items() if value not in (None, [])}


_Part = TypeVar("_Part", bound=Part)


class NotOfItsForm(OperatorError):
    """The document has keys or values that the installer doesn't know; the diagnostics name each."""


def as_document(part: Part) -> dict[str, JsonValue]:
    """`part` with the installer's names, and nothing that isn't said."""
    return part.model_dump(mode="json", by_alias=True)


def read_document(kind: type[_Part], document: JsonValue, file: str) -> _Part:
    """The value that the document of a `file` (its name, for messages) says. Raises NotOfItsForm."""
    try:
        return kind.model_validate_json(
            json.dumps(document), strict=True, by_alias=True, by_name=False
        )
    except ValidationError as error:
        found = tuple(_refused(file, detail, kind) for detail in error.errors(include_url=False))
        raise NotOfItsForm(f"{file} is not of its form", found) from None


def finding(
    code: Code, where: str, words: str, *help: str, notes: Iterable[str] = ()
) -> Diagnostic:
    """A finding at `where` in a document, such as `networking.machineNetwork[0].cidr`."""
    return Diagnostic(code, f"{where}: {words}", notes=tuple(notes), help=help)


def _refused(file: str, detail: Any, kind: type[Part]) -> Diagnostic:
    where = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in detail["loc"])
    if detail["type"] == "extra_forbidden":
        known = [installers_name(name) for name in kind.model_fields]
        near = difflib.get_close_matches(str(detail["loc"][-1]), known, n=1)
        words = "the installer knows no such key, or this product doesn't"
        help = f"did you mean {near[0]!r}?" if near else "remove it"
    else:
        words = detail["msg"][0].lower() + detail["msg"][1:]
        help = "see the installer's documentation of install-config.yaml and agent-config.yaml"
    return finding(
        Code.INVALID_OKD_FILE, f"{file}: {where.lstrip('.') or 'the whole'}", words, help
    )
