from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

import pytest
from pydantic import TypeAdapter, ValidationError

from provisioner.protocol.boot.errors import ImpossibleReport
from provisioner.serve.http_document import document_of, document_reply
from provisioner.serve.http_message import Reply, Request

pytestmark = pytest.mark.unit


@dataclass(frozen=True, slots=True)
class Measured:
    value: float


ADAPTER = TypeAdapter(Measured)


def request(body: bytes) -> Request:
    return Request("POST", "/", {}, {}, body, IPv4Address(1), IPv4Address(2))


def test_a_document_comes_and_goes() -> None:
    assert document_of(ADAPTER, request(b'{"value": 1.5}')) == Measured(1.5)
    assert document_reply(ADAPTER, Measured(1.5)) == Reply(
        200, b'{"value":1.5}', "application/json"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"value": "much"}', b"\xff"])
def test_what_is_no_such_document(body: bytes) -> None:
    with pytest.raises(ValidationError):
        document_of(ADAPTER, request(body))


def test_a_number_that_could_not_be_stored() -> None:
    with pytest.raises((ImpossibleReport, ValidationError)):
        document_of(ADAPTER, request(b'{"value": NaN}'))
