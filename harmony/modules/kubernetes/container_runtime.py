"""containerd on a node, and the container images it has before any registry is asked."""

from __future__ import annotations

from harmony.modules.ignition.contents import fetched, inline
from harmony.modules.ignition.model import Config, DropIn, File, Storage, Systemd, Unit
from harmony.modules.kubernetes.assets import NodeAssets
from harmony.modules.kubernetes.pod_network import CNI_BIN, CNI_CONF
from harmony.modules.kubernetes.systemd_unit import once

FIRST_BOOT_COMPLETE = "node-firstboot-complete.service"
"""Of the node image: it writes everything out, which takes minutes beside somebody who writes more."""
SOCKET = "unix:///run/containerd/containerd.sock"
_ARCHIVE = "/var/lib/container-images/images.tar"
_PATIENCE = """\
[Unit]
StartLimitIntervalSec=0

[Service]
Restart=always
TimeoutStartSec=infinity
"""


def container_runtime(assets: NodeAssets) -> Config:
    """The part of a node's config that runs containers."""
    settings = inline(_settings(assets.sandbox_image))
    archive = fetched(assets.images.url, assets.images.sha256)
    return Config(
        storage=Storage(
            files=(
                File(path="/etc/containerd/config.toml", contents=settings),
                File(path=_ARCHIVE, contents=archive),
            )
        ),
        systemd=Systemd(
            units=(
                Unit(
                    name="containerd.service",
                    enabled=True,
                    dropins=(DropIn(name="50-patience.conf", contents=_PATIENCE),),
                ),
                once(
                    "container-images.service",
                    "Import the container images that came with the node",
                    (f"/usr/bin/ctr -n k8s.io images import {_ARCHIVE}",),
                    wants=("containerd.service",),
                    after=("containerd.service", FIRST_BOOT_COMPLETE),
                ),
            )
        ),
    )


def _settings(sandbox_image: str) -> str:
    """config.toml; what it doesn't say is containerd's default (cgroupfs, overlayfs)."""
    return f"""\
version = 2

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{sandbox_image}"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{CNI_BIN}"
    conf_dir = "{CNI_CONF}"
"""
