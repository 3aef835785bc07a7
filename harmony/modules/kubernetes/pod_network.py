"""How pods reach each other: a bridge and a range on every node, and routes between the nodes.

Nothing learns routes at run time: the ranges follow from the hosts' addresses, so every node is
told all of them at its first boot. Its limit: nodes that were installed before a host was added to
the declaration have no route to the new one's pods (and the API server can't ask them) until they
are reinstalled; the cluster's Score says of each such node that it runs an older config.
"""

from __future__ import annotations

import json

from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.model import Config, File, Storage, Systemd, Unit
from harmony.modules.kubernetes.plan import ClusterPlan, Node
from harmony.modules.kubernetes.systemd_unit import once

CNI_BIN = "/usr/lib/cni"
CNI_CONF = "/etc/cni/net.d"


def pod_network(plan: ClusterPlan, node: Node) -> Config:
    """The part of `node`'s config that connects its pods."""
    return Config(
        storage=Storage(
            files=(
                File(path=f"{CNI_CONF}/10-pods.conflist", contents=inline(_cni(node))),
                File(
                    path="/etc/systemd/network/05-node.network",
                    contents=inline(_networkd(plan, node)),
                ),
                File(
                    path="/etc/modules-load.d/kubernetes.conf",
                    contents=inline("br_netfilter\noverlay\n"),
                ),
                File(path="/etc/sysctl.d/90-kubernetes.conf", contents=inline(_SYSCTL)),
            )
        ),
        systemd=Systemd(units=(_masquerade(plan, node),)),
    )


_SYSCTL = """\
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
"""


def _cni(node: Node) -> str:
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipam": {
            "type": "host-local",
            "ranges": [[{"subnet": str(node.pod_range)}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    return json.dumps({"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge]}, indent=1) + "\n"


def _networkd(plan: ClusterPlan, node: Node) -> str:
    """DHCP on the boot network card, and a route to every other node's pods."""
    match = f"MACAddress={node.boot_mac}" if node.boot_mac else "Type=ether\nKind=!*"
    routes = "".join(
        f"\n[Route]\nDestination={other.pod_range}\nGateway={other.address}\nGatewayOnLink=yes\n"
        for other in plan.others(node)
    )
    return (
        f"[Match]\n{match}\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n\n"
        f"[DHCPv4]\nClientIdentifier=mac\nUseDomains=yes\n{routes}"
    )


def _masquerade(plan: ClusterPlan, node: Node) -> Unit:
    """Pods speak to each other with their own address and to everything else with their node's."""
    rule = f"POSTROUTING -s {node.pod_range} ! -d {plan.pod_network} -j MASQUERADE"
    either = f"/bin/sh -c 'iptables -w -t nat -C {rule} || iptables -w -t nat -A {rule}'"
    return once("pod-masquerade.service", "Let pods reach beyond the cluster", (either,))
