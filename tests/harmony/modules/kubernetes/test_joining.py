from __future__ import annotations

import asyncio
from base64 import b64decode

import pytest

from harmony.modules.kubernetes.joining import ensure_tokens, secret_name, token_secret
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

TOKENS = {"cp1": "cccccc.0123456789abcdef", "w1": "aaaaaa.0123456789abcdef"}


def ensure(site: RecordingSite, *joined: str, registered: tuple[str, ...] = ()) -> list[str]:
    """What it wrote."""
    site.writes.clear()
    nodes = frozenset((*joined, *registered))
    changes = asyncio.run(ensure_tokens(site, "home", TOKENS, frozenset(joined), nodes))
    assert sum(change.changed for change in changes) == len(site.writes)
    return site.writes


def test_a_token_as_the_api_server_reads_it() -> None:
    manifest = token_secret("home", TOKENS["w1"]).manifest
    assert manifest["type"] == "bootstrap.kubernetes.io/token"
    assert manifest["metadata"]["name"] == secret_name(TOKENS["w1"]) == "bootstrap-token-aaaaaa"
    assert {key: b64decode(value).decode() for key, value in manifest["data"].items()} == {
        "token-id": "aaaaaa",
        "token-secret": "0123456789abcdef",
        "usage-bootstrap-authentication": "true",
    }


def test_from_nobody_to_all() -> None:
    site = RecordingSite(api_up=True)
    assert ensure(site) == [
        "object ClusterRoleBinding harmony:node-bootstrapper",
        "object Secret bootstrap-token-aaaaaa",
        "object Secret bootstrap-token-cccccc",
    ]
    assert ensure(site) == []
    assert ensure(site, "cp1") == ["no Secret bootstrap-token-cccccc"]
    assert ensure(site, "cp1", "w1") == ["no Secret bootstrap-token-aaaaaa"]
    assert ensure(site, "cp1", "w1") == []


def test_a_node_keeps_its_token_until_it_is_ready_and_never_gets_another() -> None:
    site = RecordingSite(api_up=True)
    ensure(site)
    assert ensure(site, registered=("cp1", "w1")) == []
    assert ensure(site, "cp1", "w1") == [
        "no Secret bootstrap-token-aaaaaa",
        "no Secret bootstrap-token-cccccc",
    ]
    assert ensure(site, "cp1", registered=("w1",)) == []


def test_secrets_of_others_are_left_alone() -> None:
    site = RecordingSite(api_up=True)
    theirs = dict(token_secret("home", "zzzzzz.0123456789abcdef").manifest)
    theirs["metadata"] = {"name": "bootstrap-token-zzzzzz", "namespace": "kube-system"}
    site.put(theirs)
    ensure(site, "cp1", "w1")
    assert site.names("Secret") == ["bootstrap-token-zzzzzz"]
