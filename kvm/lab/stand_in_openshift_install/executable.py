"""The stand-in as one executable file, to be declared where the real one would be."""

from __future__ import annotations

import sys
from pathlib import Path

_SCRIPT = """\
#!{python} -I
# A stand-in of openshift-install.
import os
import sys

os.umask(0o027)
sys.path.append({root!r})
from kvm.lab.stand_in_openshift_install.command import main

sys.exit(main({version!r}, {patience!r}, sys.argv[1:]))
"""


def write_executable(path: Path, version: str, patience: float = 3600.0) -> Path:
    """`path`, which says that it is `version` of the installer and waits for `patience` seconds."""
    root = str(Path(__file__).parents[3])
    text = _SCRIPT.format(python=sys.executable, root=root, version=version, patience=patience)
    path.write_text(text)
    path.chmod(0o755)
    return path
