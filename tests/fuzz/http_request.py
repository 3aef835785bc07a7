"""Any bytes on a connection to our HTTP server, in any pieces: the same requests, and whatever is asked of a
file is a part of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import atheris

from tests.fuzz.datagrams import parted

with atheris.instrument_imports(include=["provisioner.protocol"]):
    from provisioner.protocol.errors import MalformedHttpRequest
    from provisioner.protocol.http.conditions import Validators
    from provisioner.protocol.http.delivery import delivery
    from provisioner.protocol.http.head import RequestHead
    from provisioner.protocol.http.receiver import LARGEST_BODY, ReceivedRequest, RequestReceiver

SIZE = 1000
FILE = Validators("tag", 784_111_777)
NOW = 1_700_000_000.0


def one_input(data: bytes) -> None:
    pieces = parted(data)
    requests, refused = received(pieces)
    at_once, refused_at_once = received([b"".join(pieces)])
    assert requests == at_once
    assert bool(refused) == bool(refused_at_once)
    assert refused == 0 or 400 <= refused < 600
    for request in requests:
        assert request.head.path.startswith("/")
        assert len(request.body) <= LARGEST_BODY
        judge_delivery(request.head)


def received(pieces: Iterable[bytes]) -> tuple[list[ReceivedRequest], int]:
    """The requests, and the status with which the connection ends if something else comes."""
    receiver, requests = RequestReceiver(), list[ReceivedRequest]()
    for piece in pieces:
        receiver.feed(piece)
        try:
            while (request := receiver.next_request()) is not None:
                requests.append(request)
        except MalformedHttpRequest as error:
            return requests, error.status
    return requests, 0


def judge_delivery(head: RequestHead) -> None:
    answer = delivery(head.method, head.fields, SIZE, FILE, "application/efi", NOW)
    assert all(text.isprintable() for field in answer.fields for text in field)
    if answer.part is not None:
        assert 0 <= answer.part.first <= answer.part.last < SIZE
        assert ("Content-Length", str(answer.part.length)) in answer.fields


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
