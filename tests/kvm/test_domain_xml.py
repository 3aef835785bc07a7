"""The whole definition, as libvirt gets it, of a machine of each firmware."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.host import Firmware
from kvm.domain_xml import definition_digest, domain_xml
from kvm.machine import BootFirst, Hypervisor, Virtualization
from tests.kvm.machines import BIOS_MACHINE, UEFI_MACHINE

pytestmark = pytest.mark.unit

BIOS_UNDER_EMULATION = """\
<domain xmlns:harmony="https://harmony.example/kvm/1" type="qemu">
  <name>w1</name>
  <uuid>00000000-0000-0000-0000-000000000011</uuid>
  <metadata>
    <harmony:definition sha256="80862bdfc9950993ddee043d545b05520ccb08a4144505d14ff8dca66607143f" />
  </metadata>
  <memory unit="MiB">1536</memory>
  <vcpu>1</vcpu>
  <sysinfo type="smbios">
    <system>
      <entry name="manufacturer">Harmony</entry>
      <entry name="product">Rehearsal</entry>
      <entry name="serial">SN-W1</entry>
      <entry name="uuid">00000000-0000-0000-0000-000000000011</entry>
    </system>
  </sysinfo>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <bios useserial="yes" rebootTimeout="5000" />
    <smbios mode="sysinfo" />
  </os>
  <features>
    <acpi />
    <apic />
    <tcg>
      <tb-cache unit="MiB">512</tb-cache>
    </tcg>
  </features>
  <cpu mode="maximum">
    <feature policy="disable" name="la57" />
  </cpu>
  <clock offset="utc" />
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none" />
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2" cache="unsafe" discard="unmap" />
      <source file="/lab/w1/disk-1.qcow2" />
      <target dev="vda" bus="virtio" />
      <serial>DISK-OF-W1</serial>
      <boot order="1" />
    </disk>
    <interface type="bridge">
      <mac address="52:54:00:07:00:12" />
      <source bridge="eth1" />
      <model type="virtio" />
      <driver name="qemu" />
      <boot order="2" />
    </interface>
    <interface type="bridge">
      <mac address="52:54:00:07:00:13" />
      <source bridge="eth2" />
      <model type="e1000" />
      <boot order="3" />
    </interface>
    <serial type="file">
      <source path="/lab/w1/console.log" append="on" />
      <target port="0" />
    </serial>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
    <memballoon model="none" />
  </devices>
  <seclabel type="none" />
</domain>
"""

UEFI_WITH_KVM = """\
<domain xmlns:harmony="https://harmony.example/kvm/1" type="kvm">
  <name>cp1</name>
  <uuid>00000000-0000-0000-0000-000000000012</uuid>
  <metadata>
    <harmony:definition sha256="69de52fa2bd6d44cc9d83f6ad83f09e68c050e1a858354359a11550979702fde" />
  </metadata>
  <memory unit="MiB">3072</memory>
  <vcpu>2</vcpu>
  <sysinfo type="smbios">
    <system>
      <entry name="manufacturer">Harmony</entry>
      <entry name="product">Rehearsal</entry>
      <entry name="serial">SN &lt;1&gt; &amp; co</entry>
      <entry name="uuid">00000000-0000-0000-0000-000000000012</entry>
    </system>
  </sysinfo>
  <os>
    <type arch="x86_64" machine="q35">hvm</type>
    <loader readonly="yes" secure="no" type="pflash">/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
    <nvram template="/usr/share/OVMF/OVMF_VARS_4M.fd">/lab/cp1/nvram.fd</nvram>
    <smbios mode="sysinfo" />
  </os>
  <features>
    <acpi />
    <apic />
  </features>
  <cpu mode="host-passthrough" migratable="off" />
  <clock offset="variable" adjustment="-31536000" basis="utc" />
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none" />
    <controller type="scsi" index="0" model="virtio-scsi" />
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2" cache="unsafe" discard="unmap" />
      <source file="/lab/cp1/disk-1.qcow2" />
      <target dev="sda" bus="scsi" rotation_rate="1" />
      <serial>LONGER-THAN-TWENTY-CHARACTERS</serial>
      <wwn>5000c500a1b2c3d4</wwn>
      <boot order="2" />
    </disk>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw" cache="unsafe" discard="unmap" />
      <source file="/lab/cp1/disk-2.raw" />
      <target dev="sdb" bus="sata" rotation_rate="7200" />
      <serial>S2</serial>
      <boot order="3" />
    </disk>
    <interface type="bridge">
      <mac address="52:54:00:07:00:11" />
      <source bridge="eth1" />
      <model type="virtio" />
      <driver name="qemu" />
      <rom enabled="no" />
      <boot order="1" />
    </interface>
    <serial type="file">
      <source path="/lab/cp1/console.log" append="on" />
      <target port="0" />
    </serial>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
    <memballoon model="none" />
  </devices>
  <seclabel type="none" />
</domain>
"""


def test_bios_under_emulation() -> None:
    assert domain_xml(BIOS_MACHINE, Hypervisor()) == BIOS_UNDER_EMULATION


def test_uefi_with_kvm() -> None:
    assert domain_xml(UEFI_MACHINE, Hypervisor(Virtualization.KVM)) == UEFI_WITH_KVM


def test_firmware_and_virtualization_are_independent() -> None:
    swapped = domain_xml(replace(UEFI_MACHINE, firmware=Firmware.BIOS), Hypervisor())
    assert "<loader" not in swapped
    assert '<cpu mode="maximum">' in swapped
    # A BIOS needs the card's own boot program.
    assert "<rom" not in swapped


@pytest.mark.parametrize(
    "first, orders",
    [(BootFirst.DISK, ["1", "2", "3"]), (BootFirst.NETWORK, ["3", "1", "2"])],
)
def test_boot_order_is_disks_and_cards_or_the_reverse(first: BootFirst, orders: list[str]) -> None:
    xml = domain_xml(replace(BIOS_MACHINE, boot_first=first), Hypervisor())
    lines = [line.strip() for line in xml.splitlines() if "<boot" in line]
    assert lines == [f'<boot order="{order}" />' for order in orders]


def test_equal_machines_have_one_digest_and_different_ones_two() -> None:
    digest = definition_digest(domain_xml(BIOS_MACHINE, Hypervisor()))
    assert digest is not None
    assert digest == definition_digest(domain_xml(replace(BIOS_MACHINE), Hypervisor()))
    for other in (replace(BIOS_MACHINE, cpus=2), replace(BIOS_MACHINE, clock_offset_seconds=1)):
        assert digest != definition_digest(domain_xml(other, Hypervisor()))
    assert digest != definition_digest(domain_xml(BIOS_MACHINE, Hypervisor(Virtualization.KVM)))


def test_a_definition_of_someone_else_has_no_digest() -> None:
    assert definition_digest("<domain><name>w1</name></domain>") is None
    assert definition_digest("<domain><metadata><other/></metadata></domain>") is None


def test_what_xml_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="can't be written in XML"):
        domain_xml(replace(BIOS_MACHINE, serial="SN\x00"), Hypervisor())
