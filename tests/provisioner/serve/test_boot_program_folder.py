from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.serve.boot_program_folder import BootProgramFolder

pytestmark = pytest.mark.unit


def test_only_programs_that_some_machine_runs(tmp_path: Path) -> None:
    for name in ("snponly.efi", "ipxe-arm64.efi", "ipxe.iso", "passwd"):
        (tmp_path / name).touch()
    (tmp_path / "undionly.kpxe").symlink_to(tmp_path / "lost")
    folder = BootProgramFolder(tmp_path)
    assert folder.present() == {"snponly.efi", "ipxe-arm64.efi"}
    assert folder.path_of("undionly.kpxe") == tmp_path / "undionly.kpxe"
    assert folder.path_of("passwd") is None
    assert folder.path_of("../snponly.efi") is None


def test_what_comes_and_goes_is_seen(tmp_path: Path) -> None:
    folder = BootProgramFolder(tmp_path / "ipxe")
    assert folder.present() == frozenset()
    (tmp_path / "ipxe").mkdir()
    for at, names in enumerate((["snponly.efi"], ["snponly.efi", "undionly.kpxe"], [])):
        for name in ("snponly.efi", "undionly.kpxe"):
            (tmp_path / "ipxe" / name).unlink(missing_ok=True)
        for name in names:
            (tmp_path / "ipxe" / name).touch()
        os.utime(tmp_path / "ipxe", ns=(at, at))  # the kernel's clock is coarser than this test
        assert folder.present() == set(names)
