"""Where generations of installation assets lie, each sealed as a whole; none is ever overwritten.

    FOLDER/CLUSTER/0001.assets       the first generation, a `SealedFile`; 0001.assets.key is its key
    FOLDER/CLUSTER/0001.settled      a cluster came out of it
    FOLDER/CLUSTER/lock              held (flock) by the run that makes one, and by its installer

A name appears when its content is on the disk, by one rename.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from harmony.infra.errors import VaultUnusableError
from harmony.infra.openshift_install.errors import (
    AssetsKeptError,
    AssetsUnusableError,
    InstallerAtWorkError,
)
from harmony.infra.sealed_file import SealedFile
from harmony.infra.whole_file import write_whole
from inventory.errors import ProvisionerBug

_CLUSTER = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_GENERATION = re.compile(r"(?P<number>[0-9]{4,})\.assets")


@dataclass(
    frozen=True, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"), repr=False
)
class Kept:
    """`made_at` in epoch seconds; `files` are contents by path."""

    generation: int
    version: str
    inputs_sha256: str
    made_at: float
    files: Mapping[str, bytes]


_CONTENT = TypeAdapter(Kept)


class InstallationStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def locked(self, cluster: str) -> Generator[int]:
        """The lock's descriptor, for the installer to hold too: it may outlive who started it. Raises
        InstallerAtWorkError, AssetsUnusableError."""
        with _usable(self._of(cluster)):
            self._of(cluster).mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._of(cluster) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InstallerAtWorkError(f"the installer of {cluster} is at work") from None
            yield descriptor
        finally:
            os.close(descriptor)

    def latest(self, cluster: str) -> Kept | None:
        """The newest generation. Raises AssetsUnusableError."""
        numbers = self._generations(cluster)
        return self.read(cluster, max(numbers)) if numbers else None

    def read(self, cluster: str, generation: int) -> Kept | None:
        """Raises AssetsUnusableError."""
        path = self._path(cluster, generation)
        with _usable(path):
            content = SealedFile(path).read()
            return None if content is None else _CONTENT.validate_json(content)

    def keep(self, cluster: str, kept: Kept) -> None:
        """Seal it; on the disk when this returns. Raises AssetsKeptError, AssetsUnusableError."""
        path = self._path(cluster, kept.generation)
        self.refuse_unless_next(cluster, kept.generation)
        with _usable(path):
            SealedFile(path).write(_CONTENT.dump_json(kept))

    def refuse_unless_next(self, cluster: str, generation: int) -> None:
        """AssetsKeptError if `generation` can't come after those that are there."""
        last = max(self._generations(cluster), default=0)
        if generation != last + 1:
            raise AssetsKeptError(
                f"{cluster} has installation assets of generation {last}: next is {last + 1}, not"
                f" {generation}"
            )
        if self.is_settled(cluster, last):
            raise AssetsKeptError(
                f"{cluster} came out of its installation assets of generation {last}: they are its"
                " last, for a cluster rotates its certificates itself"
            )

    def settle(self, cluster: str, generation: int) -> None:
        """Raises AssetsKeptError if that is not its latest generation."""
        if generation != (last := max(self._generations(cluster), default=0)):
            raise AssetsKeptError(
                f"{cluster} can't have come out of generation {generation}: its latest is {last}"
            )
        with _usable(self._of(cluster)):
            write_whole(self._settled(cluster, generation), b"")

    def is_settled(self, cluster: str, generation: int) -> bool:
        return self._settled(cluster, generation).exists()

    def _generations(self, cluster: str) -> tuple[int, ...]:
        with _usable(self._of(cluster)):
            names = (path.name for path in self._of(cluster).glob("*.assets"))
            return tuple(int(found["number"]) for name in names if (found := _match(name)))

    def _settled(self, cluster: str, generation: int) -> Path:
        return self._of(cluster) / f"{generation:04}.settled"

    def _path(self, cluster: str, generation: int) -> Path:
        return self._of(cluster) / f"{generation:04}.assets"

    def _of(self, cluster: str) -> Path:
        if not _CLUSTER.fullmatch(cluster):
            raise ProvisionerBug(f"{cluster!r} is no domain of a cluster")
        return self._folder / cluster


def _match(name: str) -> re.Match[str] | None:
    return _GENERATION.fullmatch(name)


@contextmanager
def _usable(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise AssetsUnusableError(f"installation assets in {path}: {error.strerror}") from error
    except VaultUnusableError as error:
        raise AssetsUnusableError(f"installation assets: {error}") from error
    except ValidationError:
        raise AssetsUnusableError(f"{path} are no installation assets of this product") from None
