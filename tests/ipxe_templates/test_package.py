from __future__ import annotations

import pytest

from ipxe_templates import read_templates

pytestmark = pytest.mark.unit


def test_every_template_is_an_ipxe_script() -> None:
    templates = read_templates()
    assert sorted(templates) == [
        "own_disk_bios.ipxe.j2",
        "own_disk_uefi.ipxe.j2",
        "ramdisk.ipxe.j2",
        "waiting.ipxe.j2",
    ]
    assert all(text.startswith("#!ipxe\n") for text in templates.values())
