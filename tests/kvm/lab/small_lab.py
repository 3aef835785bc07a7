"""The smallest complete lab: run by `kvm.lab.enter`, it takes orders on stdin, one word a line, and
answers each with one line of JSON. The end of stdin ends it in order.

    python -m tests.kvm.lab.small_lab DIRECTORY [--network-fd N]
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from inventory.host import BIOS, UEFI, Disk, Host, Nic
from inventory.network import Network
from inventory.site import Site
from kvm.acceleration import Acceleration
from kvm.lab.lab import Lab, lab
from kvm.lab.limits import Limits
from kvm.machine import BootFirst, Virtualization

BIOS_MAC, UEFI_MAC = "52:54:00:07:00:12", "52:54:00:07:00:11"
SECONDS = 150.0
"""The bound for firmware's first packet; with two idle cores it comes after three to four."""

LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
SITE = Site(
    "small",
    networks=[LAN],
    hosts=[
        Host("old", nics=[Nic(BIOS_MAC)], firmware=BIOS, disks=[Disk(8)]),
        Host("new", nics=[Nic(UEFI_MAC)], firmware=UEFI, disks=[Disk(8)]),
    ],
)
# Nothing but firmware runs on them; and what KVM is worth here is not the question.
LIMITS = Limits(memory_mib=1024, cpus=1, machine_memory_mib=256)
EMULATION = Acceleration(Virtualization.EMULATION, "firmware needs no more")

_ETHERTYPE_IPV4 = 0x0800
_UDP, _SERVER_PORT, _BOOTREQUEST = 17, 67, 1
_DISCOVER_OPTION = bytes((53, 1, 1))
_COOKIE = bytes((99, 130, 83, 99))


def discover_mac(frame: bytes) -> str | None:
    """Of whom an Ethernet frame is a DHCPDISCOVER (RFC 2131; option 53 of RFC 2132), if it is."""
    header = 14 + 4 * (frame[14] & 0x0F) if len(frame) > 14 else 0
    datagram = frame[header:]
    if len(datagram) < 8 or frame[23] != _UDP or datagram[2:4] != _SERVER_PORT.to_bytes(2):
        return None
    message = datagram[8:]
    if message[:1] != bytes((_BOOTREQUEST,)) or message[236:240] != _COOKIE:
        return None
    return message[28:34].hex(":") if _DISCOVER_OPTION in message[240:] else None


def discovers(bridge: socket.socket, awaited: set[str]) -> list[str]:
    """Listen until all who are awaited were heard, or time is up; answers who was."""
    heard: set[str] = set()
    give_up = time.monotonic() + SECONDS
    while not awaited <= heard and (left := give_up - time.monotonic()) > 0:
        bridge.settimeout(left)
        try:
            mac = discover_mac(bridge.recv(2048))
        except TimeoutError:
            break
        if mac is not None:
            heard.add(mac)
    return sorted(heard)


def redefine(it: Lab) -> list[str | bool]:
    """What the real driver says where the one for tests can't: other identities, and forgetting."""
    new = it.machine("new")
    other = replace(new, uuid=UUID(int=0x99))
    first = [it.host.define(other), it.host.define(other), it.host.define(new)]
    return [*first, it.host.undefine("new"), it.host.undefine("new")]


def orders(it: Lab, bridge: socket.socket) -> dict[str, Callable[[], object]]:
    names = [machine.name for machine in it.machines]
    return {
        "where": lambda: [os.environ["HARMONY_LAB_PID"], it.how_to_enter()],
        "define": lambda: [it.define(name) for name in names],
        "redefine": lambda: redefine(it),
        "start": lambda: [it.start(name) for name in names],
        "start old": lambda: it.start("old"),
        "both": lambda: discovers(bridge, {BIOS_MAC, UEFI_MAC}),
        "one": lambda: discovers(bridge, {BIOS_MAC}),
        "observe": lambda: [[seen.name, seen.run_state, seen.macs] for seen in it.host.observe()],
        "reset": lambda: it.host.reset("old"),
        "stop": lambda: [it.stop(name) for name in names],
    }


def main(directory: Path) -> None:
    with (
        lab(SITE, directory, {}, LIMITS, EMULATION, BootFirst.NETWORK) as it,
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETHERTYPE_IPV4)) as bridge,
    ):
        bridge.bind((LAN.interface, _ETHERTYPE_IPV4))
        known = orders(it, bridge)
        for line in sys.stdin:
            print(json.dumps(known[line.strip()]()), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
