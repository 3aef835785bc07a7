from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
from lightkube.core import exceptions
from lightkube.core.exceptions import ApiError

from harmony.infra.errors import (
    ObjectRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from harmony.infra.kubernetes_errors import (
    TABLE,
    in_our_words,
    is_not_found,
    judging_the_object,
    translated,
)
from inventory.errors import HarmonyError, PeerError

pytestmark = pytest.mark.unit

# Raised only where the product does not go: streams read twice, watches, waits, exec.
NOT_OURS = {"StreamError", "NotReadyError", "ObjectDeleted", "ConditionError", "CookieConflict"}


def answer(status: int) -> httpx2.Response:
    request = httpx2.Request("GET", "https://api.home.example/")
    body = {"kind": "Status", "message": "words", "code": status}
    return httpx2.Response(status, json=body, request=request)


def error_of(status: int) -> ApiError:
    response = answer(status)
    return ApiError(request=response.request, response=response)


def subclasses(of: type[Exception]) -> Iterator[type[Exception]]:
    yield of
    for inner in of.__subclasses__():
        yield from subclasses(inner)


def raised_by_the_libraries() -> list[type[Exception]]:
    roots = [
        found
        for module in (httpx2, exceptions)
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, Exception)
        and found.__module__.startswith(("httpx2", "lightkube"))
    ]
    return sorted({inner for root in roots for inner in subclasses(root)}, key=str)


def test_the_table_is_whole() -> None:
    known = tuple(theirs for theirs, _ in TABLE)
    missing = [
        error.__name__
        for error in raised_by_the_libraries()
        if not issubclass(error, known)
        and not any(inner.__name__ in NOT_OURS for inner in error.__mro__)
        and error is not httpx2.HTTPError
    ]
    assert missing == []


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_an_overloaded_server_is_asked_again(status: int) -> None:
    found = translated("listing Nodes", error_of(status))
    assert isinstance(found, ServiceUnreachableError)
    assert str(found) == "listing Nodes: words"


@pytest.mark.parametrize("status", [401, 403, 409, 422])
def test_a_refusal_has_its_status(status: int) -> None:
    found = translated("listing Nodes", error_of(status))
    assert isinstance(found, ServiceRefusedError)
    assert found.status == status


@pytest.mark.parametrize("status", [400, 422])
def test_an_object_that_is_never_taken_is_the_operators(status: int) -> None:
    with (
        pytest.raises(ObjectRefusedError, match="applying Namespace We b: words"),
        judging_the_object(),
        in_our_words("applying Namespace We b"),
    ):
        raise error_of(status)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 503])
def test_what_may_be_taken_later_is_asked_again(status: int) -> None:
    with pytest.raises(PeerError), judging_the_object(), in_our_words("applying"):
        raise error_of(status)


def test_an_answer_that_is_no_kubernetes_status() -> None:
    response = answer(404)
    error = httpx2.HTTPStatusError("no", request=response.request, response=response)
    found = translated("asking", error)
    assert isinstance(found, ServiceRefusedError)
    assert found.status == 404


def test_not_found_is_told_apart() -> None:
    assert is_not_found(error_of(404))
    assert not is_not_found(error_of(403))


def test_an_error_without_words_is_called_by_its_name() -> None:
    with (
        pytest.raises(ServiceUnreachableError, match="asking: ConnectTimeout"),
        in_our_words("asking"),
    ):
        raise httpx2.ConnectTimeout("")


def test_our_own_errors_pass() -> None:
    class OursError(HarmonyError): ...

    with pytest.raises(OursError), in_our_words("asking"):
        raise OursError


def test_being_cancelled_passes() -> None:
    with pytest.raises(asyncio.CancelledError), in_our_words("asking"):
        raise asyncio.CancelledError
