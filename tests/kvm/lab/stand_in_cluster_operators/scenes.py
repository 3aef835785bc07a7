"""A cluster of three control planes and a worker, as it comes up."""

from __future__ import annotations

from typing import Any

from kvm.lab.stand_in_cluster_operators.cluster import Declared, Member, Seen

PLANES = ("m0", "m1", "m2")
HA = Declared(PLANES, ("w0",), "4.19.0-okd-scos.19")
BOOTSTRAP = Member(HA.bootstrap, voting=True)


def voting(*names: str) -> tuple[Member, ...]:
    return tuple(Member(name, voting=True) for name in names)


def seen(
    nodes: str = "",
    api_servers: str = "",
    members: tuple[Member, ...] = (),
    *,
    broken: str = "",
    complete: bool = False,
    removed: bool = False,
) -> Seen:
    """Names separated by spaces; the nodes are Ready, the `broken` ones are there and aren't."""
    there = dict.fromkeys(nodes.split(), True) | dict.fromkeys(broken.split(), False)
    return Seen(there, frozenset(api_servers.split()), members, complete, removed)


ALL = "m0 m1 m2"
EMPTY = seen(members=(BOOTSTRAP,))
ONE_PLANE = seen("m0", "m0", (BOOTSTRAP, *voting("m0")))
COMPLETE = seen(ALL, ALL, (BOOTSTRAP, *voting(*PLANES)))
ALONE = seen(ALL, ALL, voting(*PLANES), complete=True)
WELL = seen(f"{ALL} w0", ALL, voting(*PLANES), complete=True, removed=True)
PLANE_DEAD = seen("m0 m1 w0", "m0 m1", voting(*PLANES), broken="m2", complete=True, removed=True)
TWO_PLANES_DEAD = seen("m0 w0", "m0", voting(*PLANES), broken="m1 m2", complete=True, removed=True)


def node(name: str, address: str, *, ready: bool = True) -> dict[str, Any]:
    """As its kubelet registers it."""
    status = "True" if ready else "False"
    told = {"type": "Ready", "status": status, "message": "kubelet says so"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {
            "addresses": [{"type": "InternalIP", "address": address}],
            "conditions": [told],
        },
    }
