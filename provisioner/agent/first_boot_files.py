"""What is put on the boot partition of a fresh image: a CoreOS-like first boot finds it there.

| file                    | read by                      | says                                      |
| ----------------------- | ---------------------------- | ----------------------------------------- |
| ignition/config.ign     | the initramfs                | what this host is                         |
| ignition.firstboot      | GRUB, while it exists        | this is the first boot, with the network  |
| node-args.cfg           | GRUB, every boot             | this host's kernel arguments              |
| harmony/report.json     | the first-boot unit          | whom to tell that it came up              |
"""

from __future__ import annotations

import json

from provisioner.agent.errors import InstallFailed
from provisioner.agent.messages import Install

CONFIG = "ignition/config.ign"
FIRST_BOOT = "ignition.firstboot"
# Ignition fetches what its config names by URL, so the initramfs needs the network.
FIRST_BOOT_ARGUMENTS = "rd.neednet=1 ip=dhcp"
NOT_QUOTABLE = frozenset('"\\$`\n\r\0')


def first_boot_files(order: Install, ignition: bytes) -> dict[str, bytes]:
    """Path on the boot partition to content.

    Raises:
        InstallFailed: the order's kernel arguments can't be quoted for GRUB.
    """
    files = {
        CONFIG: ignition,
        FIRST_BOOT: f'set ignition_args="{FIRST_BOOT_ARGUMENTS}"\n'.encode(),
        "harmony/report.json": _report(order),
    }
    if order.arguments:
        files["node-args.cfg"] = f'set node_args="{_quotable(order.arguments)}"\n'.encode()
    return files


def _report(order: Install) -> bytes:
    return json.dumps({"url": order.report_url, "token": order.report_token}).encode() + b"\n"


def _quotable(arguments: str) -> str:
    if refused := sorted(NOT_QUOTABLE.intersection(arguments)):
        raise InstallFailed(f"kernel arguments with {refused!r} can't be given to GRUB", arguments)
    return arguments
