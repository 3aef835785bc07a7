"""Versions as dpkg tells them."""

from __future__ import annotations

import subprocess

import pytest

from provisioner.cli.installed import installed_versions

pytestmark = pytest.mark.protocol


def test_what_is_not_installed_is_left_out() -> None:
    dpkg = subprocess.run(
        ("dpkg-query", "--show", "--showformat=${Version}", "bash"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert installed_versions(["bash", "no-such-package"]) == {"bash": dpkg.stdout}
