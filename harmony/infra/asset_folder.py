"""Where assets lie, each under its digest; what is there whole and verified is never asked for again.

    ROOT/finished/SHA256        has that digest, once a stamp says so; a person may put a file there too
    ROOT/verified/SHA256        the stamp: what the file's inode said when its content was read
    ROOT/partial/SHA256         of a running or interrupted download
    ROOT/partial/SHA256.from    what the download goes on with (`asset_source.Begun`)
    ROOT/refused/SHA256         was found under `finished` with another content
    ROOT/locks/SHA256           held (flock) by the one who downloads or verifies

A name appears under `finished` when its content is on the disk and has been read back (one rename).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import amount
from harmony.infra.errors import AssetStoreUnusableError
from inventory.contribution import Artifact

_POLL_SECONDS = 0.2
_SPARE = 64 * 1024 * 1024
"""Bytes left free on the disk: the daemon's store is perhaps on it."""


@dataclass(frozen=True, slots=True)
class AssetFolder:
    """`owner` (user and group id) is who gets what is created, where this runs under sudo."""

    root: Path
    owner: tuple[int, int] | None = None

    def find(self, asset: Asset) -> Artifact | None:
        """The verified file, if it is as it was when it was verified; no content is read."""
        path = self.finished(asset)
        stamp = _stamp(path)
        if stamp is None or self._read_stamp(asset) != stamp:
            return None
        return Artifact(asset.name, asset.sha256, stamp["size"], str(path))

    def finished(self, asset: Asset) -> Path:
        return self.root.absolute() / "finished" / asset.sha256

    def partial(self, asset: Asset) -> Path:
        return self.root / "partial" / asset.sha256

    def set_aside(self, asset: Asset) -> Path:
        """Take a file that hasn't the digest away from its name; where it is now."""
        aside = self.root / "refused" / asset.sha256
        self.finished(asset).replace(aside)
        return aside

    def stamp(self, asset: Asset) -> Artifact:
        """Its content has just been read and is right."""
        path = self.finished(asset)
        written = self.root / "verified" / f"{asset.sha256}.new"
        written.write_text(json.dumps(_stamp(path)))
        self._give(written)
        written.replace(self.root / "verified" / asset.sha256)
        found = self.find(asset)
        if found is None:
            raise AssetStoreUnusableError(f"{path} was changed while it was verified")
        return found

    def adopt(self, asset: Asset) -> Artifact:
        """The partial file, which is whole and verified, gets its name."""
        partial = self.partial(asset)
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fchmod(descriptor, 0o644)  # the daemon has a user of its own
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._give(partial)
        partial.replace(self.finished(asset))
        _sync_folder(self.finished(asset).parent)
        partial.with_name(f"{asset.sha256}.from").unlink(missing_ok=True)
        return self.stamp(asset)

    def require_room(self, size: int) -> None:
        """Raises AssetStoreUnusableError unless that many bytes fit beside what is there."""
        free = shutil.disk_usage(self.root).free - _SPARE
        if size > free:
            raise AssetStoreUnusableError(
                f"{amount(size)} are still to be downloaded, and {amount(max(0, free))} are free in"
                f" {self.root}: make room there, or choose another place with HARMONY_CACHE"
            )

    @contextmanager
    def locked(self, asset: Asset, waiting: Callable[[int], None]) -> Generator[None]:
        """Be the only one who writes this asset, among all processes; `waiting` hears again and again how
        many bytes the other one has. Raises AssetStoreUnusableError for whatever the disk refuses."""
        try:
            for name in ("finished", "verified", "partial", "refused", "locks"):
                self._folder(self.root / name)
            with (self.root / "locks" / asset.sha256).open("a") as lock:
                while not _try_lock(lock):
                    waiting(_size(self.partial(asset)))
                    time.sleep(_POLL_SECONDS)
                yield
        except OSError as error:
            raise AssetStoreUnusableError(f"the store in {self.root}: {error.strerror}") from error

    def _read_stamp(self, asset: Asset) -> dict[str, int] | None:
        try:
            kept: dict[str, int] = json.loads((self.root / "verified" / asset.sha256).read_bytes())
        except (OSError, ValueError):
            return None
        return kept

    def _folder(self, folder: Path) -> None:
        for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
            with suppress(FileExistsError):
                missing.mkdir()
                missing.chmod(0o755)
                self._give(missing)

    def _give(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, *self.owner, follow_symlinks=False)


def sha256_of(path: Path) -> str:
    """Hex digest of a file's content. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> dict[str, int] | None:
    """What tells that a file isn't another one, or changed, without reading it."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return {"size": seen.st_size, "modified": seen.st_mtime_ns, "inode": seen.st_ino}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
