"""This product as `pipx install` of its wheel leaves it on a machine, on a disk to be put into one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.structure.tree import ROOT

LABEL = "harmony"
PLACE = Path("/opt/harmony")
"""Where the disk belongs: an environment knows its own place."""
PYTHON = PLACE / "bin/python"
NAME = "harmony-provisioner"


def program_disk(folder: Path, beside: dict[str, Path]) -> Path:
    """An ext4 disk with the environment and, `beside` it, files and folders by their names there.

    It is compiled, as pip leaves it: the machine reads the disk and can't write to it.
    """
    tree = folder / "tree"
    packages = tree / "lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (tree / "bin").mkdir()
    (tree / "bin/python").symlink_to("/usr/bin/python3")
    (tree / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    _unpack_wheel(folder, packages)
    for one in _needed():
        _copy(one, packages)
    subprocess.check_call([sys.executable, "-m", "compileall", "-q", packages])
    for name, source in beside.items():
        subprocess.check_call(["cp", "--recursive", source, tree / name])
    subprocess.check_call(["chmod", "--recursive", "a+rX", tree])
    disk = folder / "program.raw"
    used = sum(path.lstat().st_size for path in tree.rglob("*"))
    size = f"{used * 5 // 4 // 1024 + 32_768}k"
    subprocess.check_call(["mke2fs", "-q", "-t", "ext4", "-L", LABEL, "-d", tree, disk, size])
    shutil.rmtree(tree)
    return disk


def _unpack_wheel(folder: Path, packages: Path) -> None:
    command = (sys.executable, "-m", "hatchling", "build", "--target", "wheel")
    subprocess.run((*command, "--directory", folder), cwd=ROOT, check=True, capture_output=True)
    zipfile.ZipFile(next(folder.glob("*.whl"))).extractall(packages)


def _needed() -> Iterator[Distribution]:
    """What a plain installation brings along, as it is in this environment."""
    names, seen = [NAME], {NAME}
    while names:
        for text in distribution(names.pop()).requires or ():
            required = Requirement(text)
            if required.marker is not None and not required.marker.evaluate({"extra": ""}):
                continue
            if required.name not in seen:
                seen.add(required.name)
                names.append(required.name)
                yield distribution(required.name)


def _copy(one: Distribution, packages: Path) -> None:
    for file in one.files or ():
        if ".." in file.parts:
            continue
        place = packages / file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(str(one.locate_file(file)), place)
