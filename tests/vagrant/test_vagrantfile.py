"""Debian's vagrant reads the Vagrantfile, unpacked under the cache: it is never installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.cli.places import cache_folder
from tests.structure.tree import ROOT

pytestmark = pytest.mark.protocol

# The unpacked tree is laid over the machine's, in a mount namespace that ends with the command.
IN_TREE = """\
mount --make-rprivate /
mount -t tmpfs tmpfs "$2"
for part in usr etc var/lib; do
  mkdir -p "$2/$part/"{up,work}
  mount -t overlay overlay -o "lowerdir=$1/$part:/$part,upperdir=$2/$part/up,workdir=$2/$part/work" "/$part"
done
cd "$3"
shift 3
exec vagrant validate "$@"
"""


@pytest.fixture(scope="module")
def unpacked() -> Path:
    """The tree with vagrant and its KVM provider."""
    said = subprocess.run(
        (
            *(sys.executable, "-m", "provisioner.images", "unpack", "vagrant", "vagrant-libvirt"),
            *("--cache", str(cache_folder())),
        ),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return Path(json.loads(said.splitlines()[-1])["path"])


def validate(unpacked: Path, tmp_path: Path, provider: str, *options: str) -> str:
    (tmp_path / "over").mkdir()
    shell = ("unshare", "--mount", "bash", "-ec", IN_TREE, "vagrant")
    done = subprocess.run(
        (*shell, str(unpacked), str(tmp_path / "over"), str(ROOT / "vagrant"), *options),
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(tmp_path),
            "VAGRANT_HOME": str(tmp_path / "home"),
            "VAGRANT_DOTFILE_PATH": str(tmp_path / "state"),
            "VAGRANT_CHECKPOINT_DISABLE": "1",
            "VAGRANT_DEFAULT_PROVIDER": provider,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_it_is_valid_for_kvm(unpacked: Path, tmp_path: Path) -> None:
    assert "Vagrantfile validated successfully." in validate(unpacked, tmp_path, "libvirt")


def test_it_is_valid_for_virtualbox_as_far_as_can_be_said_without_it(
    unpacked: Path, tmp_path: Path
) -> None:
    said = validate(unpacked, tmp_path, "virtualbox", "--ignore-provider")
    assert "Vagrantfile validated successfully." in said
