"""When the bootstrap node may go: its etcd member last of all that it does.

`openshift-install wait-for bootstrap-complete` looks at the same two objects (installer,
pkg/asset/…/waitfor: the ConfigMap `kube-system/bootstrap`, then the condition EtcdBootstrapMemberRemoved of
`etcds.operator.openshift.io/cluster`). A bootstrap node that is taken off the load balancer before its etcd
member is removed costs the quorum when it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from harmony.domain.capability.kubernetes_api import KubernetesApi, ObjectQuery
from harmony.modules.okd.condition import conditions, unmet

STATUS = ("v1", "ConfigMap", "kube-system", "bootstrap")
ETCD = ("operator.openshift.io/v1", "Etcd", None, "cluster")
_REMOVED = {"EtcdBootstrapMemberRemoved": "True"}


def bootstrap_waits(
    status: Mapping[str, object] | None, etcd: Mapping[str, object] | None
) -> str | None:
    """What the bootstrap node is still needed for, in words; None when it may go. `status` is the
    ConfigMap's manifest, `etcd` the operator's object; None where there is none yet."""
    if status is None:
        return "the bootstrap node hasn't reported yet (ConfigMap kube-system/bootstrap)"
    told = _told(status)
    if told != "complete":
        return f"the control plane isn't on its own yet: the bootstrap node says {told!r}"
    if etcd is None:
        return "the etcd operator hasn't reported yet (Etcd cluster)"
    lacking = unmet(conditions(etcd), _REMOVED)
    return f"the bootstrap node is still a member of etcd: {lacking[0]}" if lacking else None


async def observe_bootstrap(api: KubernetesApi, cluster: str) -> str | None:
    """The same, of a cluster that is asked. Raises PeerError while it can't be."""
    status = await _manifest(api, cluster, *STATUS)
    # Before that is complete the operator's kind may not be served at all.
    if status is None or _told(status) != "complete":
        return bootstrap_waits(status, None)
    return bootstrap_waits(status, await _manifest(api, cluster, *ETCD))


async def _manifest(
    api: KubernetesApi, cluster: str, version: str, kind: str, namespace: str | None, name: str
) -> Mapping[str, object] | None:
    found = await api.observe_objects(ObjectQuery(version, kind, namespace, name, cluster=cluster))
    return found[0].manifest if found else None


def _told(status: Mapping[str, object]) -> object:
    kept = status.get("data")
    return cast("dict[str, object]", kept).get("status", "") if isinstance(kept, dict) else ""
