"""Our files are on the node where and as they must be, and what the build host left is gone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from provisioner.images import node_tree

pytestmark = pytest.mark.unit

FIRST_BOOT_END = "usr/libexec/node-firstboot-complete"


def test_every_file_is_placed_with_the_right_mode_and_started_units_are_linked(
    tmp_path: Path,
) -> None:
    node_tree.place_own_files(tmp_path)
    for name, text in node_tree.own_files().items():
        assert (tmp_path / name).read_text() == text
        assert (tmp_path / name).stat().st_mode & 0o777 == (
            0o755 if text.startswith("#!") else 0o644
        )
    for unit in node_tree.STARTED:
        link = tmp_path / node_tree.UNITS / "multi-user.target.wants" / unit
        assert link.resolve() == tmp_path / node_tree.UNITS / unit
    for unit in node_tree.MASKED:
        assert (tmp_path / "etc/systemd/system" / unit).readlink() == Path("/dev/null")


def test_scripts_are_valid_shell() -> None:
    files = node_tree.own_files()
    shells = {
        name: text for name, text in files.items() if text.startswith(("#!/bin/sh", "#!/bin/bash"))
    }
    assert FIRST_BOOT_END in shells
    for text in shells.values():
        subprocess.run([text[2:].split("\n")[0], "-n"], input=text, text=True, check=True)


def test_the_first_boots_end_removes_the_flag_before_the_config() -> None:
    """The other way round, a power cut between the two would run Ignition again without a config."""
    lines = node_tree.own_files()[FIRST_BOOT_END].splitlines()
    orders = [line for line in lines if line.startswith(("sync", "rm"))]
    assert orders == [
        "sync",
        "rm -f /boot/ignition.firstboot",
        "sync -f /boot",
        "rm -rf /boot/ignition",
        "sync -f /boot",
    ]


def test_what_needs_a_role_is_off_until_ignition_says_so() -> None:
    preset = node_tree.own_files()["usr/lib/systemd/system-preset/80-node.preset"]
    orders = [line for line in preset.splitlines() if not line.startswith("#")]
    assert orders[-1] == "disable *"
    assert not any("containerd" in order or "etcd" in order for order in orders)


def test_what_the_build_host_left_is_removed(tmp_path: Path) -> None:
    for name in ("etc/hostname", "etc/resolv.conf", "var/log/dpkg.log", "var/log/apt/term.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("build host")
    node_tree.clean(tmp_path)
    assert not (tmp_path / "etc/hostname").exists()
    assert list((tmp_path / "var/log").iterdir()) == []
    assert (tmp_path / "etc/resolv.conf").readlink() == Path("/run/systemd/resolve/resolv.conf")


def test_caches_are_said_to_be_fresh_to_the_nanosecond(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "var").mkdir()
    node_tree.mark_updated(tmp_path, 1.5)
    assert (tmp_path / "etc/.updated").read_text() == "TIMESTAMP_NSEC=1500000000\n"
    assert (tmp_path / "var/.updated").exists()


def test_content_is_counted_in_blocks(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 5000)
    (tmp_path / "link").symlink_to("file")
    assert node_tree.content_size(tmp_path) == 2 * 4096


def test_storage_and_wired_network_drivers_stay() -> None:
    kept = ("drivers/net/ethernet", "drivers/scsi", "drivers/nvme", "drivers/ata", "drivers/block")
    assert not any(out.startswith(kept) for out in node_tree.MODULES_LEFT_OUT)
    assert "path-exclude=/lib/modules/*/kernel/sound/*" in tuple(node_tree.dpkg_options())
