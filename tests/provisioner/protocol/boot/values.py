"""Values that the tests of the boot life cycle share."""

from __future__ import annotations

from dataclasses import replace

from inventory.contribution import Artifact, Installation, Ramdisk
from inventory.host import AnyBlank, Firmware, Host, Nic
from inventory.machine_state import MachineState
from inventory.network import Network
from inventory.site import Site
from provisioner.agent.messages import DiskReport, HardwareReport, NicReport
from provisioner.protocol.boot.machine import InstallOrder, Machine

MAC = "52:54:00:07:00:11"
OTHER_MAC = "52:54:00:07:00:12"
GIB = 2**30

IMAGE = Artifact("node-image", "aa" * 32, 1000, "/cache/node-image")
RAMDISK = Ramdisk(
    Artifact("vmlinuz", "bb" * 32, 10, "/cache/vmlinuz"),
    Artifact("initrd.img", "cc" * 32, 20, "/cache/initrd.img"),
)
INSTALLATION = Installation("cp1", IMAGE, "sha256:" + "dd" * 32, "quiet")
LAN = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
HOST = Host("cp1", [Nic(MAC)], address="10.7.0.11", firmware=Firmware.BIOS, install_on=AnyBlank())
SITE = Site("home", [LAN], [HOST], domain="home.example")

BLANK = DiskReport("vda", 20 * GIB, "virtual", "DISK-1")
REPORT = HardwareReport(
    boot_mac=MAC,
    system_uuid="6f6b1c0e-0000-4000-8000-000000000001",
    serial="SERIAL-1",
    vendor="Test",
    product="Machine",
    firmware="bios",
    cpus=2,
    cpu_model="none",
    memory=2 * GIB,
    nics=(NicReport("eth0", MAC, "virtio", True, 1000),),
    disks=(BLANK,),
)
ORDER = InstallOrder(
    id="order-1",
    mac=MAC,
    host="cp1",
    disk=BLANK,
    must_be_blank=True,
    image=IMAGE,
    ignition_sha256="dd" * 32,
    token="order-token",
    arguments="quiet",
    at=100.0,
)


def machine(state: MachineState, **changes: object) -> Machine:
    """A machine as it usually is in the state."""
    value = Machine(MAC, state, 100.0, "agent-token")
    if state is not MachineState.DISCOVERED:
        value = replace(value, report=REPORT)
    if state not in (MachineState.DISCOVERED, MachineState.INVENTORIED):
        value = replace(value, host="cp1")
    if state in (MachineState.INSTALLING, MachineState.INSTALLED, MachineState.READY):
        value = replace(value, order=ORDER)
    if state in (MachineState.INSTALLED, MachineState.READY):
        value = replace(value, own_disk=ORDER.disk)
    return replace(value, **changes)  # type: ignore[arg-type]
