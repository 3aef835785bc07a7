"""What went into a node image, and what makes it another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.images import node_image, node_tree

pytestmark = pytest.mark.unit

STATUS = """\
Package: systemd
Status: install ok installed
Depends: libc6 (>= 2.36),
 libcap2 (>= 1:2.10)
Version: 252.39-1~deb12u2
Description: system and service manager

Package: zstd
Status: install ok installed
Version: 1.5.4+dfsg2-5
"""


def test_versions_come_from_dpkgs_status(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text(STATUS)
    assert node_image.installed_versions(status) == {
        "systemd": "252.39-1~deb12u2",
        "zstd": "1.5.4+dfsg2-5",
    }


def test_the_initramfs_has_the_real_ignition_and_our_way_to_its_config() -> None:
    added = node_image.DRACUT[node_image.DRACUT.index("--add") + 1]
    assert added.split() == ["ignition", "network", "node-firstboot"]


def test_a_changed_file_on_the_node_is_another_image() -> None:
    files = node_tree.own_files()
    assert node_image.recipe(files) == node_image.recipe()
    assert node_image.recipe({**files, "etc/hosts": "other"}).digest != node_image.recipe().digest
