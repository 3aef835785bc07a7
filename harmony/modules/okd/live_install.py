"""Kernel arguments by which CoreOS' live system installs itself (coreos-installer,
scripts/coreos-installer-service)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from harmony.modules.okd.kernel_arguments import FirstNetwork, network_arguments
from inventory.errors import ProvisionerBug

CONSOLES: Final = ("console=tty0", "console=ttyS0,115200n8")


@dataclass(frozen=True, slots=True)
class LiveInstall:
    """`rootfs_url` is where the live system gets the rest of itself; `device` is a path below /dev that stays
    the same (`/dev/disk/by-id/…`); `ignition_url` is this machine's alone, and secret. The installer takes it
    over HTTP without a digest: what it gives is a config that merges the node's by digest."""

    rootfs_url: str
    device: str
    ignition_url: str = field(repr=False)
    network: FirstNetwork


def install_arguments(install: LiveInstall) -> tuple[str, ...]:
    """All that the live kernel is given."""
    arguments = (
        f"coreos.live.rootfs_url={install.rootfs_url}",
        f"coreos.inst.install_dev={install.device}",
        f"coreos.inst.ignition_url={install.ignition_url}",
        *network_arguments(install.network),
        *CONSOLES,
    )
    if any(one.split() != [one] for one in arguments):
        raise ProvisionerBug("a kernel argument has a blank in it")
    return arguments
