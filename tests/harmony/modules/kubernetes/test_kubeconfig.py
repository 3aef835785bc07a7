from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from harmony.modules.kubernetes.credentials import KeyPair
from harmony.modules.kubernetes.kubeconfig import kubeconfig_by_certificate, kubeconfig_by_token

pytestmark = pytest.mark.unit

SERVER = "https://api-int.home.example:6443"


def user(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)["users"][0]
    return found


def test_the_server_and_its_ca() -> None:
    document = json.loads(kubeconfig_by_token(SERVER, "ca\n", "w1", "token"))
    (cluster,) = document["clusters"]
    assert cluster["cluster"]["server"] == SERVER
    assert b64decode(cluster["cluster"]["certificate-authority-data"]) == b"ca\n"
    assert document["current-context"] == document["contexts"][0]["name"]


def test_proof_by_token() -> None:
    found = user(kubeconfig_by_token(SERVER, "ca\n", "w1", "id.secret"))
    assert found == {"name": "w1", "user": {"token": "id.secret"}}


def test_proof_by_certificate() -> None:
    text = kubeconfig_by_certificate(SERVER, "ca\n", "admin", KeyPair("certificate\n", "key\n"))
    assert {key: b64decode(value) for key, value in user(text)["user"].items()} == {
        "client-certificate-data": b"certificate\n",
        "client-key-data": b"key\n",
    }
