"""The folder that the installer works in, with secrets in plain text: there only while it runs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from harmony.infra.openshift_install.errors import AssetsUnusableError, InstallerFailedError

_LARGEST = 64 << 20


@contextmanager
def plain_folder(scratch: Path, owner: str) -> Generator[Path]:
    """A new folder of `owner` below `scratch`, removed afterwards. Raises AssetsUnusableError."""
    try:
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix=_prefix(owner), dir=scratch))
    except OSError as error:
        raise AssetsUnusableError(f"a folder in {scratch}: {error.strerror}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(scratch: Path, owner: str) -> int:
    """Remove what interrupted runs of `owner` left, while nobody else is at it; how many folders."""
    left = [path for path in scratch.glob(f"{_prefix(owner)}*") if not path.is_symlink()]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _prefix(owner: str) -> str:
    """No domain has an @: none's folders look like another's."""
    return f"harmony-installer@{owner}@"


def put(folder: Path, name: str, text: str) -> None:
    """`name` is a path below `folder`. Raises AssetsUnusableError, such as when memory is full."""
    path = folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        path.touch(0o600)
        path.write_text(text)
    except OSError as error:
        raise AssetsUnusableError(f"{name} in {folder}: {error.strerror}") from error


def contents(folder: Path) -> dict[str, bytes]:
    """All files below `folder` by their paths. Raises AssetsUnusableError, InstallerFailedError."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    try:
        if sum(path.stat().st_size for path in found) > _LARGEST:
            raise InstallerFailedError(f"the installer wrote more than {_LARGEST >> 20} MiB")
        return {str(path.relative_to(folder)): path.read_bytes() for path in found}
    except OSError as error:
        raise AssetsUnusableError(f"what is in {folder}: {error.strerror}") from error
