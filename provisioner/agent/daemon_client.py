"""The daemon over HTTP: short requests, and a download that survives the daemon's restart."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from provisioner.agent.console import say
from provisioner.agent.errors import DaemonRefused, DaemonUnreachable

TIMEOUT_SECONDS = 30.0
RETRY_SECONDS = 1.0
BLOCK = 1 << 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """`date` is the Date header, empty if there was none."""

    body: bytes
    date: str


@dataclass(frozen=True, slots=True)
class DaemonClient:
    """`url` without a slash at its end. `rest` sleeps so many seconds; `say` tells who is at the machine
    what is waited for.

    What belongs to an order (`fetch`, `download`, `insist`) is asked for again without end while nobody
    answers or the answer is 5xx: a daemon that comes back hours later finds the machine where it was.
    """

    url: str
    token: str
    rest: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = say

    def get(self, path: str) -> Answer:
        """Raises DaemonUnreachable or DaemonRefused, as `post` does."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> Answer:
        return self._ask("POST", path, body)

    def insist(self, path: str, body: bytes) -> None:
        """A POST until it is answered. Raises DaemonRefused."""
        self._until_answered(lambda: self.post(path, body))

    def fetch(self, url: str) -> bytes:
        """The whole of a small document. Raises DaemonRefused."""
        return self._until_answered(lambda: _content(url))

    @contextmanager
    def download(self, url: str) -> Generator[Download]:
        """A download of a file that never changes."""
        download = Download(url, _Waiting(self.rest, self.say))
        try:
            yield download
        finally:
            download.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with _answering(method, self.url + path, headers, body) as response:
            return Answer(response.read(), response.getheader("Date", ""))

    def _until_answered(self, ask: Callable[[], T]) -> T:
        waiting = _Waiting(self.rest, self.say)
        while True:
            try:
                return ask()
            except DaemonUnreachable as error:
                waiting.wait(error)


@dataclass(slots=True)
class _Waiting:
    """Waits a second and says why, once for as long as the reason stays the same."""

    rest: Callable[[float], None]
    say: Callable[[str], None]
    said: str = ""

    def wait(self, error: DaemonUnreachable) -> None:
        if self.said != str(error):
            self.said = str(error)
            self.say(f"asking again until there is an answer: {error}")
        self.rest(RETRY_SECONDS)

    def answered(self) -> None:
        """What was waited for has come; the next time is said again."""
        self.said = ""


class Download:
    """Reads a URL in order. A broken connection is taken up again where it broke (RFC 9110, 14.2)."""

    def __init__(self, url: str, waiting: _Waiting) -> None:
        self._url = url
        self._waiting = waiting
        self._position = 0
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None

    def read_exactly(self, length: int) -> bytes:
        """Raises DaemonRefused if nothing more will come."""
        content = bytearray()
        while len(content) < length:
            try:
                content += self._read(length - len(content))
                self._waiting.answered()
            except DaemonUnreachable as error:
                self.close()
                self._waiting.wait(error)
        return bytes(content)

    def close(self) -> None:
        """Ends the connection; reading on opens another."""
        if self._response is not None:
            self._response.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._response = None

    def _read(self, length: int) -> bytes:
        with _failing_as_unreachable("GET", self._url):
            response = self._response or self._open()
            part = response.read(min(length, BLOCK))
        if not part:
            raise DaemonUnreachable(f"GET {_shown(self._url)}: the download ended too early")
        self._position += len(part)
        return part

    def _open(self) -> http.client.HTTPResponse:
        headers = {"Range": f"bytes={self._position}-"} if self._position else {}
        self._connection, self._response = _request("GET", self._url, headers, None)
        if self._position and self._response.status != http.client.PARTIAL_CONTENT:
            raise DaemonRefused(self._response.status, "the server can't go on in the middle")
        return self._response


def _content(url: str) -> bytes:
    with _answering("GET", url, {}, None) as response:
        return response.read()


@contextmanager
def _answering(
    method: str, url: str, headers: dict[str, str], body: bytes | None
) -> Generator[http.client.HTTPResponse]:
    with _failing_as_unreachable(method, url):
        connection, response = _request(method, url, headers, body)
        try:
            yield response
        finally:
            response.close()
            connection.close()


@contextmanager
def _failing_as_unreachable(method: str, url: str) -> Generator[None]:
    """Some of http.client's own exceptions quote the URL, so only their kind is told."""
    try:
        yield
    except OSError as error:
        raise DaemonUnreachable(f"{method} {_shown(url)}: {error!r}") from error
    except http.client.HTTPException as error:
        raise DaemonUnreachable(f"{method} {_shown(url)}: {type(error).__name__}") from error


def _request(
    method: str, url: str, headers: dict[str, str], body: bytes | None
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        _check_status(response, f"{method} {_shown(url)}")
    except BaseException:
        connection.close()
        raise
    return connection, response


def _shown(url: str) -> str:
    """Host and first part of the path: what follows may be a token, and errors are shown to everybody."""
    parts = urlsplit(url)
    _, first, *rest = [*parts.path.split("/"), ""]
    return f"http://{parts.netloc}/{first}" + ("/…" if any(rest) else "")


def _check_status(response: http.client.HTTPResponse, what: str) -> None:
    if response.status < http.client.BAD_REQUEST:
        return
    with response:
        words = response.read(300).decode("utf-8", "replace")
    if response.status < http.client.INTERNAL_SERVER_ERROR:
        raise DaemonRefused(response.status, f"{what}: {words}")
    raise DaemonUnreachable(f"{what}: {response.status} {words}")
