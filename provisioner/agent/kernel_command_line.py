"""What the boot script tells the agent through the kernel's command line."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.agent.errors import AgentError


class MissingArgument(AgentError):
    """The boot script left out what the agent can't do without."""


@dataclass(frozen=True, slots=True)
class BootArguments:
    """`boot_mac` is the NIC the firmware booted from (lower case, colons)."""

    url: str
    token: str
    boot_mac: str


def parse(command_line: str) -> BootArguments:
    """Reads `harmony.url=… harmony.token=… BOOTIF=01-52-54-…` (the last of each counts, as in the kernel)."""
    words = dict(word.split("=", 1) for word in command_line.split() if "=" in word)
    for name in ("harmony.url", "harmony.token", "BOOTIF"):
        if not words.get(name):
            raise MissingArgument(f"no {name}=… on the kernel command line")
    return BootArguments(
        url=words["harmony.url"].rstrip("/"),
        token=words["harmony.token"],
        boot_mac=_mac_of(words["BOOTIF"]),
    )


def _mac_of(boot_interface: str) -> str:
    """`01-` before the address is ARP's hardware type of Ethernet (as pxelinux writes it)."""
    parts = boot_interface.lower().split("-")
    return ":".join(parts[1:]) if len(parts) == 7 else ""
