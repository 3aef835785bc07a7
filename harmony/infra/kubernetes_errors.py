"""What the Kubernetes client raises, in our own words: one table, whole."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx2
from lightkube.core.exceptions import ApiError, ConfigError, LoadResourceError

from harmony.infra.errors import (
    ObjectRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from inventory.errors import HarmonyError, ProvisionerBug

NOT_FOUND = 404

# The API server is there but can't answer now: overloaded, starting, or without its etcd.
_LATER = frozenset({408, 429, 500, 502, 503, 504})

# The API server has judged the object itself. 403 is not among them: a server that has just started
# says so of everything ("not yet ready to handle request"), as does one that is deleting the namespace.
_NEVER = frozenset({400, 422})

# First match counts; every exception of both libraries that can reach us is under one of these.
TABLE: tuple[tuple[type[Exception], type[HarmonyError]], ...] = (
    (httpx2.HTTPStatusError, ServiceRefusedError),
    (httpx2.DecodingError, ServiceRefusedError),
    (httpx2.TooManyRedirects, ServiceRefusedError),
    (httpx2.UnsupportedProtocol, ProvisionerBug),
    (httpx2.TransportError, ServiceUnreachableError),
    (httpx2.RequestError, ServiceUnreachableError),
    (LoadResourceError, ProvisionerBug),
    (ConfigError, ProvisionerBug),
    (httpx2.InvalidURL, ProvisionerBug),
)


@contextmanager
def in_our_words(doing: str) -> Generator[None]:
    """Raises what `TABLE` says for what is raised inside; `doing` begins the message."""
    try:
        yield
    except HarmonyError:
        raise
    except tuple(theirs for theirs, _ in TABLE) as error:
        raise translated(doing, error) from error


@contextmanager
def judging_the_object() -> Generator[None]:
    """Around what sends an operator's object: its refusal is the operator's to mend.

    Raises ObjectRefusedError for a ServiceRefusedError that is the same the next time.
    """
    try:
        yield
    except ServiceRefusedError as refused:
        if refused.status in _NEVER:
            raise ObjectRefusedError(str(refused)) from refused
        raise


def translated(doing: str, error: Exception) -> HarmonyError:
    """Our error for one of the two libraries'."""
    words = f"{doing}: {str(error) or type(error).__name__}"
    if isinstance(error, httpx2.HTTPStatusError):
        status = _status(error)
        if status in _LATER:
            return ServiceUnreachableError(words)
        return ServiceRefusedError(words, status)
    ours = next(ours for theirs, ours in TABLE if isinstance(error, theirs))
    return ours(words)


def is_not_found(error: ApiError) -> bool:
    return _status(error) == NOT_FOUND


def _status(error: httpx2.HTTPStatusError) -> int:
    if isinstance(error, ApiError):
        return error.status.code or 0
    return error.response.status_code
