"""A Kubernetes API over HTTPS, by what a kubeconfig in JSON says: objects are read, created, replaced."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import tempfile
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

Document = dict[str, Any]

_SECONDS = 10.0
_SHOWN = 200


class Unanswered(Exception):
    """The API server gave no answer, or refused; another pass asks again."""


class Api(Protocol):
    """Each raises Unanswered."""

    def read(self, place: str) -> Document | None:
        """None if there is nothing at `place`."""
        ...

    def create(self, place: str, document: Document) -> Document: ...

    def replace(self, place: str, document: Document) -> Document:
        """Refused if it was changed since `document`'s resourceVersion."""
        ...


class KubernetesApi:
    """Of a kubeconfig, which is read once; its first cluster and first user count."""

    def __init__(self, kubeconfig: Path) -> None:
        """Raises Unanswered while the file isn't there, or isn't whole."""
        try:
            document: dict[str, Any] = json.loads(kubeconfig.read_text())
            cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
            at = urlsplit(str(cluster["server"]))
            self._host, self._port = at.hostname or "", at.port or http.client.HTTPS_PORT
            self._name = str(cluster.get("tls-server-name") or self._host)
            self._context = _context(cluster, user)
        except (OSError, ValueError, LookupError, TypeError) as failed:
            raise Unanswered(f"kubeconfig {kubeconfig}: {failed}") from failed

    def read(self, place: str) -> Document | None:
        status, body = self._ask("GET", place, None)
        if status == http.client.NOT_FOUND and _names_an_object(_read(body)):
            return None
        return _accepted(place, status, body)

    def create(self, place: str, document: Document) -> Document:
        return _accepted(place, *self._ask("POST", place, document))

    def replace(self, place: str, document: Document) -> Document:
        return _accepted(place, *self._ask("PUT", place, document))

    def _ask(self, method: str, place: str, document: Document | None) -> tuple[int, bytes]:
        body = None if document is None else json.dumps(document)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_SECONDS)
        try:
            connection.connect()
            connection.sock = self._context.wrap_socket(connection.sock, server_hostname=self._name)
            connection.request(method, place, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException, ValueError) as failed:
            raise Unanswered(f"{method} {place}: {failed}") from failed
        finally:
            connection.close()


def _accepted(place: str, status: int, body: bytes) -> Document:
    told = _read(body)
    if status not in (http.client.OK, http.client.CREATED) or not told:
        text = body[:_SHOWN].decode(errors="replace").strip()
        raise Unanswered(f"{place}: {status} {told.get('message', text)}")
    return told


def _names_an_object(status: Document) -> bool:
    """A Status says what isn't there. Of a kind that isn't served, maybe yet, it has no name, or it is
    plain text."""
    details: object = status.get("details")
    return isinstance(details, dict) and "name" in details


def _read(body: bytes) -> Document:
    """Empty if it isn't an object."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("Document", found) if isinstance(found, dict) else {}


def _context(cluster: Document, user: Document) -> ssl.SSLContext:
    # Not the default context: without a CA that trusts whom the system trusts.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=_decoded(cluster["certificate-authority-data"]))
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pair:
        pair.write(_decoded(user["client-certificate-data"]) + _decoded(user["client-key-data"]))
        pair.flush()
        context.load_cert_chain(pair.name)
    return context


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
