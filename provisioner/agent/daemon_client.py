"""The daemon over HTTP: short requests, and a download that survives the daemon's restart."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from provisioner.agent.errors import DaemonRefused, DaemonUnreachable

TIMEOUT_SECONDS = 30.0
PATIENCE_SECONDS = 180.0
RETRY_SECONDS = 1.0
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """`date` is the Date header, empty if there was none."""

    body: bytes
    date: str


@dataclass(frozen=True, slots=True)
class DaemonClient:
    """`url` without a slash at its end. `rest` sleeps so many seconds."""

    url: str
    token: str
    rest: Callable[[float], None] = time.sleep

    def get(self, path: str) -> Answer:
        """Raises DaemonUnreachable or DaemonRefused, as `post` does."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> Answer:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with _answering(method, self.url + path, headers, body) as response:
            return Answer(response.read(), response.getheader("Date", ""))

    def fetch(self, url: str) -> bytes:
        """The whole of a small document; asked for again while it isn't there yet (5xx) or nobody answers."""
        waited = 0.0
        while True:
            try:
                with _answering("GET", url, {}, None) as response:
                    return response.read()
            except DaemonUnreachable:
                if waited >= PATIENCE_SECONDS:
                    raise
            self.rest(RETRY_SECONDS)
            waited += RETRY_SECONDS

    @contextmanager
    def download(self, url: str) -> Generator[Download]:
        """A download of a file that never changes."""
        download = Download(url, self.rest)
        try:
            yield download
        finally:
            download.close()


class Download:
    """Reads a URL in order. A broken connection is taken up again where it broke (RFC 9110, 14.2)."""

    def __init__(self, url: str, rest: Callable[[float], None]) -> None:
        self._url = url
        self._rest = rest
        self._position = 0
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None

    def read_exactly(self, length: int) -> bytes:
        """Raises DaemonUnreachable if nothing came for three minutes, DaemonRefused if nothing will."""
        content = bytearray()
        waited = 0.0
        while len(content) < length:
            try:
                part = self._read(length - len(content))
            except (OSError, http.client.HTTPException, DaemonUnreachable) as error:
                self.close()
                if waited >= PATIENCE_SECONDS:
                    raise DaemonUnreachable(f"{self._url}: {error!r}") from error
                self._rest(RETRY_SECONDS)
                waited += RETRY_SECONDS
                continue
            content += part
            waited = 0.0
        return bytes(content)

    def close(self) -> None:
        """Ends the connection; reading on opens another."""
        if self._response is not None:
            self._response.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._response = None

    def _read(self, length: int) -> bytes:
        response = self._response or self._open()
        part = response.read(min(length, BLOCK))
        if not part:
            raise DaemonUnreachable("the download ended too early")
        self._position += len(part)
        return part

    def _open(self) -> http.client.HTTPResponse:
        headers = {"Range": f"bytes={self._position}-"} if self._position else {}
        self._connection, self._response = _request("GET", self._url, headers, None)
        if self._position and self._response.status != http.client.PARTIAL_CONTENT:
            raise DaemonRefused(self._response.status, "the server can't go on in the middle")
        return self._response


@contextmanager
def _answering(
    method: str, url: str, headers: dict[str, str], body: bytes | None
) -> Generator[http.client.HTTPResponse]:
    try:
        connection, response = _request(method, url, headers, body)
        try:
            yield response
        finally:
            response.close()
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise DaemonUnreachable(f"{method} {url}: {error!r}") from error


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
        _check_status(response, f"{method} {url}")
    except BaseException:
        connection.close()
        raise
    return connection, response


def _check_status(response: http.client.HTTPResponse, what: str) -> None:
    if response.status < http.client.BAD_REQUEST:
        return
    with response:
        words = response.read(300).decode("utf-8", "replace")
    if response.status < http.client.INTERNAL_SERVER_ERROR:
        raise DaemonRefused(response.status, f"{what}: {words}")
    raise DaemonUnreachable(f"{what}: {response.status} {words}")
