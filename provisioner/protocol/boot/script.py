"""Renders a boot plan as the iPXE script that carries it out.

Every value goes through one sieve: iPXE expands `${…}`, splits at `||`, `&&` and line ends, and names
and MAC addresses come from whoever sent the packet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from jinja2 import DictLoader, Environment, StrictUndefined

from inventory.contribution import Ramdisk
from inventory.host import Firmware
from provisioner.protocol.boot.plan import AskAgain, BootOwnDisk, BootPlan, BootRamdisk

_UNSAFE = re.compile(r"[^A-Za-z0-9 ._:;,/=+@?()'\[\]-]")
MASKED_TOKEN = "(masked)"


def sieve(value: object) -> str:
    """The value as text with everything that iPXE could read as more than text replaced by `?`."""
    return _UNSAFE.sub("?", str(value))


class BootScripts:
    """The templates, compiled once; rendering touches nothing but memory."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        environment = Environment(
            loader=DictLoader(templates),
            undefined=StrictUndefined,
            finalize=sieve,
            autoescape=False,
            keep_trailing_newline=True,
        )
        self._compiled = {name: environment.get_template(name) for name in templates}

    def render(self, template: str, values: Mapping[str, str]) -> str:
        """Raises jinja2's UndefinedError if the template wants a value that isn't there."""
        return self._compiled[template].render(values)


@dataclass(frozen=True, slots=True)
class ScriptReader:
    """Who the script is for: `name` is the host's, or the MAC again while there is none."""

    mac: str
    name: str
    token: str


def render(
    plan: BootPlan,
    reader: ScriptReader,
    base_url: str,
    ramdisk: Ramdisk | None,
    scripts: BootScripts,
) -> str:
    """The whole script for `plan`. A plan that boots the ramdisk needs one."""
    shared = {
        "mac": reader.mac,
        "name": reader.name,
        "script_url": f"{base_url}/boot.ipxe?mac={reader.mac.replace(':', '-')}",
    }
    match plan:
        case BootOwnDisk(firmware):
            return scripts.render(_OWN_DISK[firmware], shared)
        case AskAgain(words):
            return scripts.render("waiting.ipxe.j2", {**shared, "words": words})
        case BootRamdisk(words=words):
            assert ramdisk is not None, "plan() boots the ramdisk only when there is one"
            values = {
                **shared,
                "words": words,
                "base_url": base_url,
                "token": reader.token,
                "mac_hyphens": reader.mac.replace(":", "-"),
                "kernel_url": artifact_url(base_url, ramdisk.kernel.sha256, "vmlinuz"),
                "initrd_url": artifact_url(base_url, ramdisk.initrd.sha256, "initrd.img"),
                "arguments": f" {ramdisk.arguments}" if ramdisk.arguments else "",
            }
            return scripts.render("ramdisk.ipxe.j2", values)
        case _:
            assert_never(plan)


def artifact_url(base_url: str, sha256: str, name: str) -> str:
    return f"{base_url}/artifacts/{sha256}/{name}"


# UEFI: the script ends with `exit 1`. A boot option that returns success ends the boot loop in the
# firmware's menu (EDK2, BdsDxe's BootBootOptions; seen also on Dell and Lenovo); an error goes on
# to the next option, which is the disk.
_OWN_DISK = {Firmware.BIOS: "own_disk_bios.ipxe.j2", Firmware.UEFI: "own_disk_uefi.ipxe.j2"}
