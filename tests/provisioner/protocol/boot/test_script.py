"""Whole scripts, as machines get them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from inventory.host import Firmware
from ipxe_templates import read_templates
from provisioner.protocol.boot.plan import AskAgain, BootOwnDisk, BootPlan, BootRamdisk, Purpose
from provisioner.protocol.boot.script import BootScripts, ScriptReader, render, sieve
from tests.provisioner.protocol.boot.values import MAC, RAMDISK

pytestmark = pytest.mark.unit

SCRIPTS = BootScripts(read_templates())
READER = ScriptReader(MAC, "cp1", "secret-token")
URL = "http://10.7.0.1"


def script(plan: BootPlan, reader: ScriptReader = READER) -> str:
    return render(plan, reader, URL, replace(RAMDISK, arguments="quiet"), SCRIPTS)


def test_ramdisk() -> None:
    kernel, initrd = RAMDISK.kernel.sha256, RAMDISK.initrd.sha256
    assert script(BootRamdisk(Purpose.INSTALL, "to be installed as cp1")) == (
        "#!ipxe\n"
        "echo\n"
        "echo Harmony Provisioner: cp1: to be installed as cp1\n"
        f"kernel {URL}/artifacts/{kernel}/vmlinuz initrd=initrd.img harmony.url={URL}"
        " harmony.token=secret-token BOOTIF=01-52-54-00-07-00-11"
        " console=tty0 console=ttyS0,115200 quiet || goto again\n"
        f"initrd --name initrd.img {URL}/artifacts/{initrd}/initrd.img || goto again\n"
        "boot || goto again\n"
        ":again\n"
        "echo The ramdisk could not be started. Asking again in 5 seconds.\n"
        "sleep 5\n"
        f"chain --replace {URL}/boot.ipxe?mac=52-54-00-07-00-11&platform=${{platform}}"
        " || dhcp netX ||\n"
        "goto again\n"
    )


def test_own_disk_under_bios() -> None:
    assert script(BootOwnDisk(Firmware.BIOS)) == (
        "#!ipxe\n"
        "echo\n"
        "echo Harmony Provisioner: cp1: starting its own disk\n"
        "sanboot --no-describe --drive 0x80 || exit\n"
    )


def test_own_disk_under_uefi() -> None:
    assert script(BootOwnDisk(Firmware.UEFI)) == (
        "#!ipxe\necho\necho Harmony Provisioner: cp1: starting its own disk\nexit 1\n"
    )


def test_waiting_for_approval() -> None:
    reader = ScriptReader(MAC, MAC, "secret-token")
    assert script(AskAgain("I don't know you yet: waiting for approval"), reader) == (
        "#!ipxe\n"
        ":again\n"
        "echo\n"
        f"echo Harmony Provisioner: {MAC}: I don't know you yet: waiting for approval\n"
        f"echo MAC {MAC}  UUID ${{uuid}}  serial ${{serial}}\n"
        "echo Asking again in 10 seconds.\n"
        "sleep 10\n"
        f"chain --replace {URL}/boot.ipxe?mac=52-54-00-07-00-11&platform=${{platform}}"
        " || dhcp netX ||\n"
        "goto again\n"
    )


def test_a_missing_value_is_an_error() -> None:
    scripts = BootScripts({"one.ipxe.j2": "echo {{ forgotten }}"})
    with pytest.raises(UndefinedError):
        scripts.render("one.ipxe.j2", {})


@given(st.text())
def test_no_value_can_be_more_than_text(value: str) -> None:
    sieved = sieve(value)
    assert len(sieved) == len(value)
    for special in ("${", "||", "&&", "\n", "\r", "\0"):
        assert special not in sieved


@given(st.text())
def test_whatever_a_machine_is_called_its_script_has_the_same_lines(name: str) -> None:
    reader = ScriptReader(MAC, name, "secret-token")
    assert len(script(BootOwnDisk(Firmware.UEFI), reader).splitlines()) == 4
