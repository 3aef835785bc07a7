"""kubeconfig files: how a program reaches the API and proves who it is."""

from __future__ import annotations

import json
from base64 import b64encode

from harmony.modules.kubernetes.credentials import KeyPair


def kubeconfig_by_certificate(server: str, ca_certificate: str, user: str, pair: KeyPair) -> str:
    """A kubeconfig whose user holds a client certificate; everything is in the file itself."""
    return _kubeconfig(
        server,
        ca_certificate,
        user,
        {
            "client-certificate-data": _base64(pair.certificate),
            "client-key-data": _base64(pair.key),
        },
    )


def kubeconfig_by_token(server: str, ca_certificate: str, user: str, token: str) -> str:
    """A kubeconfig whose user holds a bearer token."""
    return _kubeconfig(server, ca_certificate, user, {"token": token})


def _kubeconfig(server: str, ca_certificate: str, user: str, proof: dict[str, str]) -> str:
    # JSON is YAML, and the standard library writes it the same way every time.
    cluster = {"server": server, "certificate-authority-data": _base64(ca_certificate)}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": user, "user": proof}],
        "contexts": [{"name": "default", "context": {"cluster": "cluster", "user": user}}],
        "current-context": "default",
    }
    return json.dumps(document, indent=1) + "\n"


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
