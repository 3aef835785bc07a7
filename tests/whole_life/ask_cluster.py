"""Asks a cluster with nothing of the product: `python ask_cluster.py KUBECONFIG ADDRESS PATH`."""

from __future__ import annotations

import base64
import json
import ssl
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any


def ask(kubeconfig: Path, address: str, path: str) -> str:
    """What the API server answers to a GET, as the administrator of the kubeconfig."""
    said = json.loads(kubeconfig.read_text())
    cluster, user = said["clusters"][0]["cluster"], said["users"][0]["user"]
    context = _context(cluster, user)
    context.check_hostname = False
    request = urllib.request.Request(f"https://{address}:6443{path}")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(request, timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def _context(cluster: dict[str, Any], user: dict[str, Any]) -> ssl.SSLContext:
    authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
    context = ssl.create_default_context(cadata=authority)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pair:
        for part in ("client-certificate-data", "client-key-data"):
            pair.write(base64.b64decode(user[part]).decode() + "\n")
        pair.flush()
        context.load_cert_chain(pair.name)
    return context


if __name__ == "__main__":
    print(ask(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
