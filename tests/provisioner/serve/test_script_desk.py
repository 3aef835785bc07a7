from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from inventory.host import Firmware
from inventory.machine_state import MachineState
from ipxe_templates import read_templates
from provisioner.protocol.boot.plan import BootOwnDisk
from provisioner.protocol.boot.script import BootScripts
from provisioner.serve.script_desk import ScriptDesk, base_url
from tests.provisioner.protocol.boot.values import HOST, LAN, MAC, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit


def test_the_base_url_has_a_port_only_if_it_needs_one() -> None:
    assert base_url(LAN, SITE) == "http://10.7.0.1"
    assert base_url(LAN, replace(SITE, http_port=8080)) == "http://10.7.0.1:8080"


def test_a_preview_shows_what_a_host_would_get_with_its_secret_masked(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        assert "waiting for the ramdisk" in world.scripts.preview(HOST)
        await world.put_files(tmp_path, "cp1")
        assert "harmony.token=(masked)" in world.scripts.preview(HOST)
        machine = await world.reported()
        preview = world.scripts.preview(HOST)
        served = world.scripts.script_for(machine, MAC, Firmware.BIOS, "http://10.7.0.1").text
        assert preview == served.replace(machine.token, "(masked)")
        world.force(MachineState.READY)
        assert world.scripts.preview(HOST).endswith("--drive 0x80 || exit\n")
        ready = world.scripts.script_for(world.current(), MAC, Firmware.UEFI, "http://10.7.0.1")
        assert ready.plan == BootOwnDisk(Firmware.UEFI)

    asyncio.run(story())


def test_a_template_that_wants_too_much_is_found_before_a_machine_finds_it() -> None:
    async def story() -> None:
        world = await World().open()
        templates = {**read_templates(), "own_disk_uefi.ipxe.j2": "{{ forgotten }}"}
        world.scripts.rehearse(world.memory.desired)
        with pytest.raises(UndefinedError):
            ScriptDesk(world.memory, BootScripts(templates)).rehearse(world.memory.desired)

    asyncio.run(story())
