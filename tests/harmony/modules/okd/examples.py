"""Install-configs of each kind of cluster."""

from __future__ import annotations

from harmony.modules.okd.install_config import (
    BootstrapInPlace,
    Capabilities,
    ImageDigestSource,
    InstallConfig,
    MachinePool,
    Metadata,
    Proxy,
    SecretReference,
)
from harmony.modules.okd.networking import ClusterNetwork, MachineNetwork, Networking

PULL_SECRET = SecretReference(name="okd/home/pull-secret")
SSH_KEY = SecretReference(name="okd/home/ssh-key")
SECRETS = {
    PULL_SECRET.name: '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}',
    SSH_KEY.name: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE2tOStHiqL6I1bLsQRUwWvTqyZ2Gg0g3lc4Yq5qGjXQ core",
}
NETWORKING = Networking(
    network_type="OVNKubernetes",
    cluster_network=(ClusterNetwork(cidr="10.128.0.0/14", host_prefix=23),),
    service_network=("172.30.0.0/16",),
    machine_network=(MachineNetwork(cidr="10.7.0.0/24"),),
)


def cluster(control_planes: int, workers: int = 0) -> InstallConfig:
    """Home, with `workers` as the agent-based installer counts them."""
    return InstallConfig(
        base_domain="home.example",
        metadata=Metadata(name="okd"),
        control_plane=MachinePool(name="master", replicas=control_planes),
        compute=(MachinePool(name="worker", replicas=workers),),
        networking=NETWORKING,
        pull_secret=PULL_SECRET,
        ssh_key=SSH_KEY,
    )


def with_everything() -> InstallConfig:
    return cluster(3).model_copy(
        update={
            "fips": False,
            "capabilities": Capabilities(
                baseline_capability_set="None",
                additional_enabled_capabilities=("Ingress", "NodeTuning"),
            ),
            "proxy": Proxy(http_proxy="http://proxy.home.example:3128", no_proxy=".home.example"),
            "additional_trust_bundle": CERTIFICATE,
            "additional_trust_bundle_policy": "Always",
            "image_digest_sources": (
                ImageDigestSource(
                    source="quay.io/okd/scos-release",
                    mirrors=("mirror.home.example:5000/okd/release",),
                    source_policy="NeverContactSource",
                ),
            ),
        }
    )


CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBNTCB6KADAgECAgEBMAUGAytlcDAPMQ0wCwYDVQQDDARob21lMB4XDTI2MDEw
-----END CERTIFICATE-----
"""

SINGLE_NODE = cluster(1)
IN_PLACE = SINGLE_NODE.model_copy(
    update={"bootstrap_in_place": BootstrapInPlace(installation_disk="/dev/disk/by-id/wwn-0x5")}
)
COMPACT = cluster(3)
AGENT_HA = cluster(3, workers=2)
EVERYTHING = with_everything()
