"""The disks and network cards of a domain, as elements of libvirt's domain XML; pure."""

from __future__ import annotations

import string
import xml.etree.ElementTree as ET
from typing import assert_never

from inventory.host import NicModel
from kvm.machine import DiskBus, VirtualDisk, VirtualNic

VIRTIO_SERIAL_LENGTH = 20
"""virtio-blk carries 20 bytes of serial number (Virtual I/O Device specification, GET_ID)."""


def append_disk(devices: ET.Element, disk: VirtualDisk, position: int, boot_order: int) -> None:
    """Add `disk` as the `position`th of the machine, counted from 0; at most 26 of them."""
    element = ET.SubElement(devices, "disk", type="file", device="disk")
    # cache=unsafe: the host never waits for its own disk. What the guest has flushed still lies in
    # the host's page cache and outlives the guest, so that a power cut in the guest is a real one.
    ET.SubElement(
        element,
        "driver",
        name="qemu",
        type=disk.format.value,
        cache="unsafe",
        discard="unmap",
    )
    ET.SubElement(element, "source", file=str(disk.path))
    letter = string.ascii_lowercase[position]
    target = ET.SubElement(element, "target", dev=_device_name(disk.bus, letter), bus=disk.bus)
    if disk.bus is not DiskBus.VIRTIO:
        target.set("rotation_rate", "7200" if disk.rotational else "1")
    ET.SubElement(element, "serial").text = _serial(disk)
    if disk.wwn is not None and disk.bus is not DiskBus.VIRTIO:
        ET.SubElement(element, "wwn").text = disk.wwn
    ET.SubElement(element, "boot", order=str(boot_order))


def append_nic(devices: ET.Element, nic: VirtualNic, boot_order: int, *, option_rom: bool) -> None:
    """Add `nic`. With `option_rom` the card brings its own network boot program, as BIOS needs it;
    without it UEFI uses the driver and the PXE client of its own."""
    element = ET.SubElement(devices, "interface", type="bridge")
    ET.SubElement(element, "mac", address=nic.mac)
    ET.SubElement(element, "source", bridge=nic.bridge)
    ET.SubElement(element, "model", type=_nic_model(nic.model))
    if nic.model is NicModel.VIRTIO:
        # QEMU moves the packets itself: /dev/vhost-net may be missing or of another namespace.
        ET.SubElement(element, "driver", name="qemu")
    if not option_rom:
        ET.SubElement(element, "rom", enabled="no")
    ET.SubElement(element, "boot", order=str(boot_order))


def _device_name(bus: DiskBus, letter: str) -> str:
    match bus:
        case DiskBus.VIRTIO:
            return f"vd{letter}"
        case DiskBus.SATA | DiskBus.SCSI:
            return f"sd{letter}"
        case _:
            assert_never(bus)


def _nic_model(model: NicModel) -> str:
    match model:
        case NicModel.VIRTIO:
            return "virtio"
        case NicModel.E1000:
            return "e1000"
        case _:
            assert_never(model)


def _serial(disk: VirtualDisk) -> str:
    return disk.serial[:VIRTIO_SERIAL_LENGTH] if disk.bus is DiskBus.VIRTIO else disk.serial
