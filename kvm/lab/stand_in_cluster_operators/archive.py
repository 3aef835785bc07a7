"""The stand-in as one file that any Python runs, to be put on a node or into an image."""

from __future__ import annotations

import zipfile
from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = Path(__file__).parents[3]
_MAIN = """\
# A stand-in of the operators of an OKD cluster.
import sys

from kvm.lab.stand_in_cluster_operators.command import main

sys.exit(main(sys.argv[1:]))
"""


def write_archive(path: Path) -> Path:
    """`path`, a zip file for `python3 FILE`; the same bytes whenever it is made."""
    around = (folder / "__init__.py" for folder in (_PACKAGE.parents[1], _PACKAGE.parent))
    with zipfile.ZipFile(path, "w") as archive:
        for source in (*around, *sorted(_PACKAGE.glob("*.py"))):
            _put(archive, str(source.relative_to(_ROOT)), source.read_text())
        _put(archive, "__main__.py", _MAIN)
    return path


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # Without a date of its own it has 1980's.
    archive.writestr(zipfile.ZipInfo(name), text)
