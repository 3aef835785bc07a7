"""The programs are iPXE's, and the machine's own boot menu knows nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.images.boot_programs import FILES, folder_in, recipe
from provisioner.serve.network_services import BOOT_PROGRAMS
from tests.built_boot_programs import boot_programs

DOS_PROGRAM = b"MZ"


@pytest.mark.unit
def test_they_are_those_that_the_daemon_serves() -> None:
    assert FILES == BOOT_PROGRAMS


@pytest.mark.unit
def test_the_folder_is_known_before_they_are_built(tmp_path: Path) -> None:
    assert folder_in(tmp_path) == tmp_path / "finished/boot-programs" / recipe().digest
    assert folder_in(Path("cache")).is_absolute()


@pytest.mark.protocol
def test_they_are_ipxe() -> None:
    folder = boot_programs()
    bios, uefi = ((folder / name).read_bytes() for name in FILES)
    assert b"PXE->EB" in bios
    assert uefi.startswith(DOS_PROGRAM)
    assert {path.name for path in folder.iterdir()} == {*FILES, "built.json"}
