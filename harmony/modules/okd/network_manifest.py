"""The manifest by which pods get another MTU than the one that the nodes' interfaces suggest.

It lies in the folder `manifests` between `create manifests` and `create ignition-configs`.
Source: OKD's documentation, "Customizing the network configuration" (advanced, phase 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from harmony.modules.okd.document import finding
from harmony.modules.okd.yaml_text import write_yaml
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

FILE = "manifests/cluster-network-03-config.yml"
_GENEVE = 100
_LEAST = 1280  # what IPv6 asks of a link (RFC 8200, section 5)


def network_manifest(pod_mtu: int) -> str:
    return write_yaml(
        {
            "apiVersion": "operator.openshift.io/v1",
            "kind": "Network",
            "metadata": {"name": "cluster"},
            "spec": {"defaultNetwork": {"ovnKubernetesConfig": {"mtu": pod_mtu}}},
        }
    )


def check_pod_mtu(pod_mtu: int, machine_mtu: int) -> Iterator[Diagnostic]:
    """Whether packets of `pod_mtu` fit between machines whose network takes `machine_mtu`."""
    most = machine_mtu - _GENEVE
    if not _LEAST <= pod_mtu <= most:
        room = f"choose one from {_LEAST} to {most}"
        yield finding(
            Code.INVALID_POD_MTU,
            FILE,
            f"pods can't have an MTU of {pod_mtu} where machines have {machine_mtu}",
            room if most >= _LEAST else "give the machines' network a larger MTU",
            notes=(f"OVN-Kubernetes wraps each packet in {_GENEVE} bytes",),
        )
