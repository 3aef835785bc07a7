"""JSON documents as they come and go over HTTP."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter

from provisioner.protocol.boot.errors import ImpossibleReport
from provisioner.serve.http_message import Reply, Request

_Document = TypeVar("_Document")


def document_of(adapter: TypeAdapter[_Document], request: Request) -> _Document:
    """The body, only if it survives being stored and read again (a NaN doesn't). Raises pydantic's
    ValidationError and ImpossibleReport."""
    value = adapter.validate_json(request.body)
    if adapter.validate_json(adapter.dump_json(value)) != value:
        raise ImpossibleReport("a number that isn't one")
    return value


def document_reply(adapter: TypeAdapter[_Document], value: _Document) -> Reply:
    return Reply(200, adapter.dump_json(value), "application/json")
