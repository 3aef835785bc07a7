"""`wait-for …`: asks the cluster's API by the directory's kubeconfig until it says so, or time is up."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Answer = dict[str, Any] | None
Ask = Callable[[str], Answer]

_PAUSE = 1.0
PLACES = {
    "bootstrap-complete": "/api/v1/namespaces/kube-system/configmaps/bootstrap",
    "install-complete": "/apis/config.openshift.io/v1/clusterversions/version",
}
GAVE_UP = {"bootstrap-complete": 5, "install-complete": 6}


def waited(target: str, ask: Ask, until: float) -> bool:
    """Whether the cluster said so before `until`, on the monotonic clock."""
    while not _is_so(target, ask(PLACES[target])):
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)
    return True


def _is_so(target: str, answer: Answer) -> bool:
    if answer is None:
        return False
    if target == "bootstrap-complete":
        return bool(answer.get("data", {}).get("status") == "complete")
    conditions: list[dict[str, str]] = answer.get("status", {}).get("conditions", [])
    return any(one["type"] == "Available" and one["status"] == "True" for one in conditions)


def by_kubeconfig(path: Path) -> Ask:
    """Asks the API of the kubeconfig; None for whatever isn't an answer."""
    document: dict[str, Any] = json.loads(path.read_text())
    cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
    context = ssl.create_default_context(cadata=_decoded(cluster["certificate-authority-data"]))
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pair:
        pair.write(_decoded(user["client-certificate-data"]) + _decoded(user["client-key-data"]))
        pair.flush()
        context.load_cert_chain(pair.name)
    server: str = cluster["server"]
    at = urlsplit(server)
    name: str = cluster.get("tls-server-name") or at.hostname or ""

    def ask(place: str) -> Answer:
        connection = http.client.HTTPConnection(at.netloc, timeout=10)
        try:
            connection.connect()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=name)
            connection.request("GET", place)
            response = connection.getresponse()
            return json.load(response) if response.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()

    return ask


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
