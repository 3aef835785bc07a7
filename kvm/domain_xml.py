"""libvirt's domain XML of a virtual machine: a pure function, built as a tree and never as text.

Format: libvirt's "Domain XML format". The digest of the whole tree is put into the domain's own
metadata, which libvirt keeps as it is, so that a later definition can tell "unchanged" without
undoing everything that libvirt adds by itself.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from typing import assert_never

from inventory.host import Firmware, NicModel
from kvm.device_xml import append_disk, append_nic
from kvm.machine import BootFirst, DiskBus, Hypervisor, Virtualization, VirtualMachine

METADATA = "https://harmony.example/kvm/1"
"""XML namespace of the digest; a name, nothing is fetched from it."""

TRANSLATION_CACHE_MIB = 512
"""QEMU's cache of translated code, per machine; its own default is up to 1 GiB."""

_UNKNOWN_TO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("harmony", METADATA)


def domain_xml(machine: VirtualMachine, hypervisor: Hypervisor) -> str:
    """The definition of `machine` on `hypervisor`; equal values give equal text."""
    domain = _domain(machine, hypervisor)
    digest = hashlib.sha256(ET.tostring(domain)).hexdigest()
    metadata = ET.Element("metadata")
    ET.SubElement(metadata, f"{{{METADATA}}}definition", sha256=digest)
    domain.insert(2, metadata)
    ET.indent(domain)
    return ET.tostring(domain, encoding="unicode") + "\n"


def definition_digest(xml: str) -> str | None:
    """The digest that `domain_xml` put into a definition, or None where someone else made it."""
    found = ET.fromstring(xml).find(f"metadata/{{{METADATA}}}definition")
    return None if found is None else found.get("sha256")


def _domain(machine: VirtualMachine, hypervisor: Hypervisor) -> ET.Element:
    domain = ET.Element("domain", type=hypervisor.virtualization.value)
    _text(domain, "name", machine.name)
    _text(domain, "uuid", str(machine.uuid))
    _text(domain, "memory", str(machine.memory_mib), unit="MiB")
    _text(domain, "vcpu", str(machine.cpus))
    _append_system_information(domain, machine)
    _append_firmware(domain, machine, hypervisor)
    _append_features(domain, hypervisor.virtualization)
    _append_clock(domain, machine)
    # The guest's own reboot must come back on the same console; a crash stays down to be seen.
    _text(domain, "on_poweroff", "destroy")
    _text(domain, "on_reboot", "restart")
    _text(domain, "on_crash", "destroy")
    _append_devices(domain, machine, hypervisor)
    # Rehearsals run as root in namespaces of their own: no labels on files that belong to a person.
    ET.SubElement(domain, "seclabel", type="none")
    return domain


def _append_system_information(domain: ET.Element, machine: VirtualMachine) -> None:
    sysinfo = ET.SubElement(domain, "sysinfo", type="smbios")
    system = ET.SubElement(sysinfo, "system")
    _text(system, "entry", "Harmony", name="manufacturer")
    _text(system, "entry", "Rehearsal", name="product")
    _text(system, "entry", machine.serial, name="serial")
    _text(system, "entry", str(machine.uuid), name="uuid")


def _append_firmware(domain: ET.Element, machine: VirtualMachine, hypervisor: Hypervisor) -> None:
    system = ET.SubElement(domain, "os")
    _text(system, "type", "hvm", arch="x86_64", machine="q35")
    match machine.firmware:
        case Firmware.UEFI:
            _text(
                system,
                "loader",
                str(hypervisor.uefi_code),
                readonly="yes",
                secure="no",
                type="pflash",
            )
            _text(system, "nvram", str(machine.nvram), template=str(hypervisor.uefi_variables))
        case Firmware.BIOS:
            # SeaBIOS speaks on the serial port, and tries again 5 s after nothing could be booted
            # where it would otherwise stop for good.
            ET.SubElement(system, "bios", useserial="yes", rebootTimeout="5000")
        case _:
            assert_never(machine.firmware)
    ET.SubElement(system, "smbios", mode="sysinfo")


def _append_features(domain: ET.Element, virtualization: Virtualization) -> None:
    features = ET.SubElement(domain, "features")
    ET.SubElement(features, "acpi")
    ET.SubElement(features, "apic")
    match virtualization:
        case Virtualization.KVM:
            ET.SubElement(domain, "cpu", mode="host-passthrough", migratable="off")
        case Virtualization.EMULATION:
            _text(
                ET.SubElement(features, "tcg"), "tb-cache", str(TRANSLATION_CACHE_MIB), unit="MiB"
            )
            # All that QEMU emulates, so that container images built for x86-64-v2 or -v3 run, which
            # they don't on qemu64. Not for speed: with QEMU 7.2's user emulation OpenSSL's AES is as
            # fast on both, its SHA-256 half as fast on this one, kube-apiserver --help alike.
            cpu = ET.SubElement(domain, "cpu", mode="maximum")
            # Five-level page tables make every translated memory access walk one level more.
            ET.SubElement(cpu, "feature", policy="disable", name="la57")
        case _:
            assert_never(virtualization)


def _append_clock(domain: ET.Element, machine: VirtualMachine) -> None:
    offset = machine.clock_offset_seconds
    if offset:
        ET.SubElement(domain, "clock", offset="variable", adjustment=str(offset), basis="utc")
    else:
        ET.SubElement(domain, "clock", offset="utc")


def _append_devices(domain: ET.Element, machine: VirtualMachine, hypervisor: Hypervisor) -> None:
    devices = ET.SubElement(domain, "devices")
    _text(devices, "emulator", str(hypervisor.emulator))
    # Looking for USB devices costs firmware and kernel seconds under emulation.
    ET.SubElement(devices, "controller", type="usb", model="none")
    if any(disk.bus is DiskBus.SCSI for disk in machine.disks):
        ET.SubElement(devices, "controller", type="scsi", index="0", model="virtio-scsi")
    disks, nics = len(machine.disks), len(machine.nics)
    disks_from, nics_from = (
        (1, disks + 1) if machine.boot_first is BootFirst.DISK else (nics + 1, 1)
    )
    for position, disk in enumerate(machine.disks):
        append_disk(devices, disk, position, disks_from + position)
    for position, nic in enumerate(machine.nics):
        own_driver = machine.firmware is Firmware.UEFI and nic.model is NicModel.VIRTIO
        append_nic(devices, nic, nics_from + position, option_rom=not own_driver)
    serial = ET.SubElement(devices, "serial", type="file")
    ET.SubElement(serial, "source", path=str(machine.console), append="on")
    ET.SubElement(serial, "target", port="0")
    rng = ET.SubElement(devices, "rng", model="virtio")
    _text(rng, "backend", "/dev/urandom", model="random")
    ET.SubElement(devices, "memballoon", model="none")


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    if _UNKNOWN_TO_XML.search(text):
        raise ValueError(f"{text!r} can't be written in XML")
    ET.SubElement(parent, tag, attributes).text = text
