"""The objects that let machines join: a right for all bootstrap tokens, and one token a host.

A token is a Secret in kube-system that the API server itself reads. It is there while its host
still has to join and gone as soon as its node is Ready: what that host's disk has of it is worth
nothing then. When the host has to join again (a reinstall, its node deleted by hand) the same token
comes back, as its Ignition config has to stay the same; so a disk that is given away has to be erased,
which the keys on it ask for anyhow.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from harmony.domain.capability.kubernetes_api import (
    KubernetesApi,
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
)
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.secrets import token_id

_LABEL = ("harmony-provisioner.io/joins", "node")
_NAMESPACE = "kube-system"


def may_join(cluster: str) -> KubernetesObject:
    """Whoever holds a bootstrap token may ask for a certificate; giving it is another matter."""
    return KubernetesObject(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "harmony:node-bootstrapper"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": "system:node-bootstrapper",
            },
            "subjects": [
                {
                    "apiGroup": "rbac.authorization.k8s.io",
                    "kind": "Group",
                    "name": "system:bootstrappers",
                }
            ],
        },
        cluster,
    )


def token_secret(cluster: str, token: str) -> KubernetesObject:
    """`token` (`id.secret`) as the API server's bootstrap authenticator wants to find it."""
    identity, _, secret = token.partition(".")
    return KubernetesObject(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": secret_name(token),
                "namespace": _NAMESPACE,
                "labels": dict([_LABEL]),
            },
            "type": "bootstrap.kubernetes.io/token",
            "data": {
                "token-id": _encoded(identity),
                "token-secret": _encoded(secret),
                "usage-bootstrap-authentication": _encoded("true"),
            },
        },
        cluster,
    )


def secret_name(token: str) -> str:
    return f"bootstrap-token-{token_id(token)}"


async def ensure_tokens(
    api: KubernetesApi,
    cluster: str,
    tokens: Mapping[str, str],
    joined: frozenset[str],
    registered: frozenset[str] = frozenset(),
) -> list[Change]:
    """The tokens (by host) of those not `joined` are there, and no others of ours.

    Who has `registered` a node has a certificate: a token it still has stays until it is Ready, a new
    one is not made for it, however long it is not Ready later.
    """
    changes: list[Change] = []
    kept = {secret_name(token): host for host, token in tokens.items() if host not in joined}
    present = {one.reference.name for one in await api.observe_objects(_ours(cluster))}
    lacking = kept.keys() - present
    new = sorted(name for name in lacking if kept[name] not in registered)
    if kept:
        changes.append(await api.ensure_object(may_join(cluster)))
    for name in sorted(present - kept.keys()):
        gone = ObjectReference("v1", "Secret", name, _NAMESPACE, cluster)
        changes.append(await api.ensure_absent_object(gone))
    for name in new:
        changes.append(await api.ensure_object(token_secret(cluster, tokens[kept[name]])))
    return changes


def _ours(cluster: str) -> ObjectQuery:
    return ObjectQuery("v1", "Secret", _NAMESPACE, labels=(_LABEL,), cluster=cluster)


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
