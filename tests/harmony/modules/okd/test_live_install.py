from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface

import pytest

from harmony.modules.okd.kernel_arguments import Card, FirstNetwork, network_arguments
from harmony.modules.okd.live_install import LiveInstall, install_arguments
from inventory.errors import ProvisionerBug

pytestmark = pytest.mark.unit

NETWORK = FirstNetwork("m0", IPv4Interface("10.7.0.11/24"), Card("52:54:00:07:00:11"))
INSTALL = LiveInstall(
    "http://10.7.0.1/artifacts/abc/rootfs.img",
    "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4",
    "http://10.7.0.1/ignition/secret",
    NETWORK,
)


def test_all_that_the_live_kernel_is_given() -> None:
    assert install_arguments(INSTALL) == (
        "coreos.live.rootfs_url=http://10.7.0.1/artifacts/abc/rootfs.img",
        "coreos.inst.install_dev=/dev/disk/by-id/wwn-0x5000c500a1b2c3d4",
        "coreos.inst.ignition_url=http://10.7.0.1/ignition/secret",
        *network_arguments(NETWORK),
        "console=tty0",
        "console=ttyS0,115200n8",
    )


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(INSTALL)


@pytest.mark.parametrize("device", ["/dev/disk/by-id/a b", "/dev/sda\n"])
def test_no_argument_becomes_two(device: str) -> None:
    with pytest.raises(ProvisionerBug):
        install_arguments(replace(INSTALL, device=device))
