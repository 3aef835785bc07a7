"""The finished files a node fetches at its first boot, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

CONTAINER_IMAGES = "container-images"
NODE_IMAGE = "node-image"
KUBELET = "kubernetes/kubelet"
CONTROL_PLANE_BINARIES = (
    "kubernetes/kube-apiserver",
    "kubernetes/kube-controller-manager",
    "kubernetes/kube-scheduler",
)
BIN = "/opt/kubernetes/bin"
CA = "/etc/kubernetes/pki/ca.crt"
SANDBOX_IMAGE = "docker.io/harmony/pause:1"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file served to the machines: `url` http, `sha256` in hex."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NodeAssets:
    """`binaries` by program name (`kubelet`); `images` is an OCI archive of container images, of
    which `sandbox_image` is the pause container every pod is built around."""

    binaries: dict[str, Asset]
    images: Asset
    sandbox_image: str
