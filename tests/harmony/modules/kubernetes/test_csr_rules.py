from __future__ import annotations

from dataclasses import replace

import pytest

from harmony.modules.kubernetes.csr_rules import Approve, KnownHost, LeavePending, judge
from harmony.modules.kubernetes.signing_request import (
    CLIENT_SIGNER,
    SERVING_SIGNER,
    SigningRequest,
    UnreadableRequest,
)
from inventory.machine_state import MachineState

pytestmark = pytest.mark.unit

W1 = KnownHost(
    name="w1",
    asks_first_as="system:bootstrap:aaaaaa",
    state=MachineState.INSTALLED,
    has_live_certificate=False,
    dns_names=frozenset({"w1"}),
    addresses=frozenset({"10.7.0.12"}),
)
JOINED = replace(W1, state=MachineState.READY, has_live_certificate=True)
W2 = replace(
    W1, name="w2", asks_first_as="system:bootstrap:bbbbbb", addresses=frozenset({"10.7.0.13"})
)
CLIENT_USAGES = frozenset({"digital signature", "key encipherment", "client auth"})
SERVER_USAGES = frozenset({"digital signature", "key encipherment", "server auth"})

FIRST = SigningRequest(
    name="csr-1",
    signer=CLIENT_SIGNER,
    requester="system:bootstrap:aaaaaa",
    usages=CLIENT_USAGES,
    common_name="system:node:w1",
    organizations=("system:nodes",),
)
RENEWAL = replace(FIRST, requester="system:node:w1")
SERVING = replace(
    RENEWAL,
    signer=SERVING_SIGNER,
    usages=SERVER_USAGES,
    dns_names=("w1",),
    addresses=("10.7.0.12",),
)

APPROVED = {
    "first, installed": (FIRST, W1),
    "first, ready": (FIRST, replace(W1, state=MachineState.READY)),
    "first, without key encipherment": (
        replace(FIRST, usages=frozenset({"digital signature", "client auth"})),
        W1,
    ),
    "renewal": (RENEWAL, JOINED),
    "serving": (SERVING, JOINED),
    "serving before the machine has reported": (SERVING, replace(JOINED, state=W1.state)),
    "serving by address alone": (replace(SERVING, dns_names=()), JOINED),
}

PENDING = {
    "unknown name": (
        replace(FIRST, common_name="system:node:w9"),
        W1,
        "no host 'w9' is declared in this cluster",
    ),
    "not a node's name": (
        replace(FIRST, common_name="admin"),
        W1,
        "its name 'admin' is not a node's",
    ),
    "known name from another host's token": (
        replace(FIRST, requester="system:bootstrap:bbbbbb"),
        W1,
        "system:bootstrap:bbbbbb may not ask for w1's first certificate",
    ),
    "known name from another node": (
        replace(FIRST, requester="system:node:w2"),
        W1,
        "system:node:w2 may not ask for w1's first certificate",
    ),
    "second client certificate": (
        FIRST,
        replace(W1, has_live_certificate=True),
        "w1 already has a certificate",
    ),
    "not installed yet": (
        FIRST,
        replace(W1, state=MachineState.INSTALLING),
        "w1 is installing, not installed",
    ),
    "never seen": (FIRST, replace(W1, state=None), "w1 is not seen yet, not installed"),
    "renewal while not ready": (RENEWAL, W1, "w1 is installed, not ready"),
    "more groups": (
        replace(FIRST, organizations=("system:nodes", "system:masters")),
        W1,
        "it asks for other groups than system:nodes",
    ),
    "no group": (
        replace(FIRST, organizations=()),
        W1,
        "it asks for other groups than system:nodes",
    ),
    "more usages": (
        replace(FIRST, usages=CLIENT_USAGES | {"server auth"}),
        W1,
        "it asks for other usages than a client's",
    ),
    "client with names": (
        replace(FIRST, dns_names=("api.home.example",)),
        W1,
        "a client certificate has no names to serve under",
    ),
    "unknown signer": (
        replace(FIRST, signer="example.com/any"),
        W1,
        "nothing is known of the signer 'example.com/any'",
    ),
    "the general client signer": (
        replace(FIRST, signer="kubernetes.io/kube-apiserver-client"),
        W1,
        "nothing is known of the signer 'kubernetes.io/kube-apiserver-client'",
    ),
    "serving by the token": (
        replace(SERVING, requester="system:bootstrap:aaaaaa"),
        JOINED,
        "system:bootstrap:aaaaaa is not the node w1",
    ),
    "serving by another node": (
        replace(SERVING, requester="system:node:w2"),
        JOINED,
        "system:node:w2 is not the node w1",
    ),
    "serving under another's address": (
        replace(SERVING, addresses=("10.7.0.12", "10.7.0.13")),
        JOINED,
        "10.7.0.13 is not w1's",
    ),
    "serving under another name": (
        replace(SERVING, dns_names=("api.home.example", "w1")),
        JOINED,
        "api.home.example is not w1's",
    ),
    "serving under no name": (
        replace(SERVING, dns_names=(), addresses=()),
        JOINED,
        "it asks for no name to serve under",
    ),
    "serving with a client's usages": (
        replace(SERVING, usages=CLIENT_USAGES),
        JOINED,
        "it asks for other usages than a server's",
    ),
}


@pytest.mark.parametrize(("request_", "host"), APPROVED.values(), ids=APPROVED)
def test_approved(request_: SigningRequest, host: KnownHost) -> None:
    verdict = judge(request_, {"w1": host, "w2": W2})
    words = f"{request_.requester} may have it by {request_.signer}"
    assert verdict == Approve("csr-1", words)


@pytest.mark.parametrize(("request_", "host", "reason"), PENDING.values(), ids=PENDING)
def test_stays_pending(request_: SigningRequest, host: KnownHost, reason: str) -> None:
    verdict = judge(request_, {"w1": host, "w2": W2})
    assert verdict == LeavePending("csr-1", request_.requester, reason)


def test_unreadable_stays_pending() -> None:
    unreadable = UnreadableRequest("csr-1", "system:anonymous", "its signature is wrong")
    expected = LeavePending("csr-1", "system:anonymous", "its signature is wrong")
    assert judge(unreadable, {"w1": W1}) == expected
