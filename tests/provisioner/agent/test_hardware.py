"""The whole machine as one report."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.agent.hardware import read_hardware
from provisioner.agent.messages import HardwareReport
from tests.provisioner.agent.sysfs_tree import roots_in, write_files

pytestmark = pytest.mark.unit

CPUINFO = "processor\t: 0\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n"


def test_a_server(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    write_files(
        tmp_path,
        {
            "sys/class/dmi/id/product_uuid": "5F2D2B6E-7A55-4E0C-9D3E-1F1D5C6B7A80",
            "sys/class/dmi/id/product_serial": "S123",
            "sys/class/dmi/id/sys_vendor": "Supermicro",
            "sys/class/dmi/id/product_name": "AS-1114",
            "sys/firmware/efi/fw_platform_size": "64",
            "sys/devices/system/memory/block_size_bytes": "8000000",
            "sys/devices/system/memory/memory0/online": "1",
            "sys/devices/system/memory/memory32/online": "1",
            "proc/cpuinfo": CPUINFO,
        },
    )
    assert read_hardware("3c:ec:ef:00:00:01", roots) == HardwareReport(
        boot_mac="3c:ec:ef:00:00:01",
        system_uuid="5f2d2b6e-7a55-4e0c-9d3e-1f1d5c6b7a80",
        serial="S123",
        vendor="Supermicro",
        product="AS-1114",
        firmware="uefi",
        cpus=2,
        cpu_model="AMD EPYC",
        memory=256 << 20,
        nics=(),
        disks=(),
    )


def test_a_machine_that_says_nothing(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    nil = "00000000-0000-0000-0000-000000000000"
    write_files(
        tmp_path,
        {"sys/class/dmi/id/product_uuid": nil, "proc/meminfo": "MemTotal:  1000 kB"},
    )
    assert read_hardware("", roots) == HardwareReport(
        "", "", "", "", "", "bios", 0, "", 1024000, (), ()
    )
