"""Which certificate signing requests of kubelets are approved. Everything else stays pending.

1. A *first client* certificate: asked by whom the cluster lets ask for it (the host's own bootstrap
   token, or OKD's node bootstrapper), for its name, while it is `installed` or `ready` and has no live
   certificate.
2. A *renewed client* certificate: asked by the node itself, for its own name, while it is `ready`.
3. A *serving* certificate, first or renewed: asked by the node itself, for its name, with no other
   DNS names and addresses than the node's own.

Nothing is ever denied: a denial is final, and a pending request is what an operator can look at.
Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harmony.modules.kubernetes.signing_request import (
    CLIENT_SIGNER,
    NODE_USER,
    SERVING_SIGNER,
    SigningRequest,
    UnreadableRequest,
)
from inventory.machine_state import MachineState

_NODE_GROUP = ("system:nodes",)
_ALWAYS_FINE = frozenset({"digital signature", "key encipherment"})


@dataclass(frozen=True, slots=True)
class KnownHost:
    """A host of the cluster as it is now. `asks_first_as` is the user that asks for its first certificate;
    `dns_names` and `addresses` are its own."""

    name: str
    asks_first_as: str
    state: MachineState | None
    has_live_certificate: bool
    dns_names: frozenset[str]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Approve:
    """`reason` is written into the approval."""

    request: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeavePending:
    """`reason` is reported to the operator."""

    request: str
    requester: str
    reason: str


Verdict = Approve | LeavePending


def judge(request: SigningRequest | UnreadableRequest, hosts: Mapping[str, KnownHost]) -> Verdict:
    """What is to be done with `request`; `hosts` by name."""
    if isinstance(request, UnreadableRequest):
        return LeavePending(request.name, request.requester, request.reason)
    reason = _refusal(request, hosts)
    if reason is not None:
        return LeavePending(request.name, request.requester, reason)
    return Approve(request.name, f"{request.requester} may have it by {request.signer}")


def _refusal(request: SigningRequest, hosts: Mapping[str, KnownHost]) -> str | None:
    """Why `request` can't be approved; None when it can."""
    if not request.common_name.startswith(NODE_USER):
        return f"its name {request.common_name!r} is not a node's"
    host = hosts.get(request.host)
    if host is None:
        return f"no host {request.host!r} is declared in this cluster"
    if request.organizations != _NODE_GROUP:
        return "it asks for other groups than system:nodes"
    if request.signer == CLIENT_SIGNER:
        return _client_refusal(request, host)
    if request.signer == SERVING_SIGNER:
        return _serving_refusal(request, host)
    return f"nothing is known of the signer {request.signer!r}"


def _client_refusal(request: SigningRequest, host: KnownHost) -> str | None:
    if _asks_beyond(request, "client auth"):
        return "it asks for other usages than a client's"
    if request.dns_names or request.addresses:
        return "a client certificate has no names to serve under"
    if request.requester == f"{NODE_USER}{host.name}":
        return _renewal_refusal(host)
    if request.requester != host.asks_first_as:
        return f"{request.requester} may not ask for {host.name}'s first certificate"
    if host.state not in (MachineState.INSTALLED, MachineState.READY):
        return f"{host.name} is {_words(host.state)}, not installed"
    if host.has_live_certificate:
        return f"{host.name} already has a certificate"
    return None


def _renewal_refusal(host: KnownHost) -> str | None:
    if host.state is not MachineState.READY:
        return f"{host.name} is {_words(host.state)}, not ready"
    return None


def _serving_refusal(request: SigningRequest, host: KnownHost) -> str | None:
    if _asks_beyond(request, "server auth"):
        return "it asks for other usages than a server's"
    if request.requester != f"{NODE_USER}{host.name}":
        return f"{request.requester} is not the node {host.name}"
    if not request.dns_names and not request.addresses:
        return "it asks for no name to serve under"
    strange = (set(request.dns_names) - host.dns_names) | (set(request.addresses) - host.addresses)
    if strange:
        return f"{', '.join(sorted(strange))} is not {host.name}'s"
    return None


def _asks_beyond(request: SigningRequest, purpose: str) -> bool:
    return purpose not in request.usages or not request.usages <= _ALWAYS_FINE | {purpose}


def _words(state: MachineState | None) -> str:
    return "not seen yet" if state is None else str(state)
