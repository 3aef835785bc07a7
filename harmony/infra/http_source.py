"""Assets by HTTP: whole, or from where a download broke off (RFC 9110, 13.1.5 and 14.2)."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

import httpx
from typing_extensions import override

from harmony.infra.asset_source import (
    STALL_SECONDS,
    AssetSource,
    Begun,
    Opened,
    SourceAway,
    SourceChanged,
    SourceError,
    SourceRefused,
    shown,
)

_MOST_REDIRECTS = 5
_CONNECT_SECONDS = 15.0
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_ASK_LATER: Final = frozenset({408, 421, 425, 429})
"""Statuses of 4xx that say nothing of the file (RFC 9110, 15.5.9; RFC 8470; RFC 6585)."""

ERRORS: Final[tuple[tuple[type[Exception], type[SourceError]], ...]] = (
    (httpx.InvalidURL, SourceRefused),
    (httpx.TooManyRedirects, SourceRefused),
    (httpx.UnsupportedProtocol, SourceRefused),
    (httpx.TransportError, SourceAway),
    (httpx.HTTPError, SourceAway),
)
"""What httpx raises, and what that is to us; the first that fits."""


class HttpSource(AssetSource):
    """`stall` in seconds: so long it may be silent."""

    def __init__(self, url: str, stall: float = STALL_SECONDS) -> None:
        self._url = url
        self._timeout = httpx.Timeout(stall, connect=min(stall, _CONNECT_SECONDS))

    @property
    @override
    def name(self) -> str:
        return shown(self._url)

    @contextmanager
    @override
    def open(self, begun: Begun) -> Generator[Opened]:
        with self._mapped(), self._client() as client:
            request = client.build_request("GET", self._url, headers=self._headers(begun))
            answer = client.send(request, stream=True)
            try:
                yield self._opened(answer, begun)
            finally:
                answer.close()

    def _client(self) -> httpx.Client:
        return httpx.Client(
            timeout=self._timeout, follow_redirects=True, max_redirects=_MOST_REDIRECTS
        )

    def _headers(self, begun: Begun) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}
        if begun.position:
            headers["Range"] = f"bytes={begun.position}-"
            if begun.name == self.name and begun.validator:
                headers["If-Range"] = begun.validator
        return headers

    def _opened(self, answer: httpx.Response, begun: Begun) -> Opened:
        match answer.status_code:
            case 200:
                return Opened(0, _length(answer), _validator(answer), self._chunks(answer))
            case 206:
                return self._part(answer, begun)
            case 416 if begun.position:
                raise SourceChanged(f"{self.name} has less than {begun.position} bytes")
            case status if status >= 500 or status in _ASK_LATER:
                raise SourceAway(f"{self.name} answers {_words(answer)}")
            case _:
                raise SourceRefused(f"{self.name} answers {_words(answer)}")

    def _part(self, answer: httpx.Response, begun: Begun) -> Opened:
        """The rest of what has begun, and nothing else: also from another mirror, whose file has to be as
        long at least."""
        found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
        size = None if found is None or found[2] == "*" else int(found[2])
        if found is None or int(found[1]) != begun.position or size != begun.size:
            raise SourceChanged(f"{self.name} has another file now, or another part of it")
        return Opened(begun.position, size, _validator(answer), self._chunks(answer))

    def _chunks(self, answer: httpx.Response) -> Iterator[bytes]:
        """As they come: what a server has compressed for the way is not the file, and of chunks put
        together again the last would be lost when the connection breaks."""
        yield from answer.iter_raw()

    @contextmanager
    def _mapped(self) -> Generator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            kind = next(ours for theirs, ours in ERRORS if isinstance(error, theirs))
            words = str(error) or type(error).__name__
            raise kind(f"{self.name}: {words}") from error


def _length(answer: httpx.Response) -> int | None:
    written = answer.headers.get("content-length", "")
    return int(written) if written.isascii() and written.isdigit() else None


def _validator(answer: httpx.Response) -> str:
    """For If-Range: a strong entity tag, else the date (RFC 9110, 13.1.5)."""
    tag: str = answer.headers.get("etag", "")
    if tag.startswith('"'):
        return tag
    date: str = answer.headers.get("last-modified", "")
    return date


def _words(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.reason_phrase}".strip()
