"""The network cards of the machine, out of /sys/class/net: only those that are hardware."""

from __future__ import annotations

from pathlib import Path

from provisioner.agent.messages import NicReport
from provisioner.agent.sysfs import read_link_name, read_text

ETHERNET = "1"  # ARPHRD_ETHER


def read_network_cards(sys: Path) -> tuple[NicReport, ...]:
    """Every Ethernet card that is backed by a device, by name. Link and speed are known once it is up."""
    folders = sorted((sys / "class" / "net").iterdir())
    return tuple(
        _card(folder)
        for folder in folders
        if (folder / "device").exists() and read_text(folder / "type") == ETHERNET
    )


def _card(folder: Path) -> NicReport:
    return NicReport(
        name=folder.name,
        mac=read_text(folder / "address").lower(),
        driver=read_link_name(folder / "device" / "driver"),
        link=read_text(folder / "carrier") == "1",
        speed_mbps=_speed(read_text(folder / "speed")),
    )


def _speed(text: str) -> int | None:
    """The kernel says -1 (or 4294967295) while it doesn't know, and virtio never does."""
    try:
        speed = int(text)
    except ValueError:
        return None
    return speed if 0 < speed < 0xFFFFFFFF else None
