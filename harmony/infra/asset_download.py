"""One asset's way into the store: from the first source that has it, verified before it has its name.

A download that ended in the middle goes on where it was: at once while it gets further, by the next try
otherwise, from any of its sources. Bytes of different sources can't do harm: the digest decides, and if
it is wrong for a file put together from parts, the file is fetched once more in one piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

from pydantic import TypeAdapter

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import amount
from harmony.infra.asset_folder import AssetFolder, sha256_of
from harmony.infra.asset_source import (
    AssetSource,
    Begun,
    Opened,
    SourceAway,
    SourceChanged,
    SourceError,
    SourceRefused,
)
from harmony.infra.errors import AssetMismatchError, AssetRefusedError, AssetUnreachableError
from inventory.contribution import Artifact
from inventory.errors import HarmonyError

_WORTH_ANOTHER_TRY = 1024 * 1024
"""Bytes a source has to give before it breaks off, to be asked again before the next one."""

_SETTLED_SECONDS = 60.0
_BEGUN = TypeAdapter(Begun)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a download is, in bytes; `verifying` when all are there."""

    done: int
    size: int | None = None
    verifying: bool = False


class _WrongContent(SourceError):
    """In one piece from this source it has another digest."""


class AssetDownload:
    """`tell` hears of every step, in the thread that this runs in."""

    def __init__(
        self,
        asset: Asset,
        sources: Sequence[AssetSource],
        folder: AssetFolder,
        tell: Callable[[Step], None],
    ) -> None:
        self._asset = asset
        self._sources = sources
        self._folder = folder
        self._tell = tell
        self._partial = folder.partial(asset)
        self._note = self._partial.with_name(f"{asset.sha256}.from")

    def run(self) -> Artifact:
        """The verified file; another process's if one is at it. Raises AssetUnreachableError,
        AssetRefusedError, AssetMismatchError or AssetStoreUnusableError."""
        with self._folder.locked(self._asset, lambda done: self._tell(Step(done))):
            return self._folder.find(self._asset) or self._put_by_hand() or self._downloaded()

    def _put_by_hand(self) -> Artifact | None:
        """A file that is there without having been verified here. One with other content is set aside,
        unless somebody is perhaps still writing it."""
        path = self._folder.finished(self._asset)
        if not path.exists():
            return None
        self._tell(Step(path.stat().st_size, path.stat().st_size, verifying=True))
        if sha256_of(path) == self._asset.sha256:
            return self._folder.stamp(self._asset)
        if time.time() - path.stat().st_mtime > _SETTLED_SECONDS:
            self._folder.set_aside(self._asset)
        return None

    def _downloaded(self) -> Artifact:
        problems: list[SourceError] = []
        for source in self._sources:
            try:
                self._fetch(source)
            except SourceError as problem:
                problems.append(problem)
            else:
                return self._folder.adopt(self._asset)
        raise self._conclusion(problems)

    def _fetch(self, source: AssetSource) -> None:
        """All of it, verified. Raises SourceError."""
        while True:
            begun = self._begun()
            in_one_piece = False
            try:
                if not begun.is_all:
                    in_one_piece = self._read(source, begun) == 0
            except SourceChanged:
                if not begun.position:
                    raise
                self._discard()
            except SourceAway:
                if self._position() - begun.position < _WORTH_ANOTHER_TRY:
                    raise
            else:
                got = self._verified()
                if not got:
                    return
                size = self._position()
                self._discard()
                if in_one_piece:
                    raise _WrongContent(f"{source.name} has {got} ({amount(size)})")

    def _read(self, source: AssetSource, begun: Begun) -> int:
        """To the end; from which byte on."""
        with source.open(begun) as opened:
            known = Begun(opened.position, source.name, opened.validator, opened.size)
            if opened.size is not None:
                self._folder.require_room(opened.size - opened.position)
            self._remember(known)
            with FileIO(self._partial, "r+b" if self._partial.exists() else "wb") as file:
                file.truncate(opened.position)
                file.seek(opened.position)
                self._write(file, opened)
        if opened.size is not None and self._position() < opened.size:
            raise SourceAway(f"{source.name} broke off after {amount(self._position())}")
        return opened.position

    def _write(self, file: FileIO, opened: Opened) -> None:
        done = opened.position
        self._tell(Step(done, opened.size))
        for chunk in opened.chunks:
            try:
                _write_all(file, chunk)
            except OSError:
                file.truncate(0)  # whatever else is on this disk needs the room
                raise
            done += len(chunk)
            self._tell(Step(done, opened.size))

    def _verified(self) -> str:
        """The digest that it has instead of the right one; empty if it has that."""
        self._tell(Step(self._position(), self._position(), verifying=True))
        got = sha256_of(self._partial)
        return "" if got == self._asset.sha256 else got

    def _begun(self) -> Begun:
        """What an earlier try left behind."""
        try:
            begun = _BEGUN.validate_json(self._note.read_bytes())
        except (OSError, ValueError):
            return Begun()
        return replace(begun, position=self._position())

    def _remember(self, known: Begun) -> None:
        fresh = Path(f"{self._note}.new")
        fresh.write_bytes(_BEGUN.dump_json(known))
        fresh.replace(self._note)

    def _position(self) -> int:
        return self._partial.stat().st_size if self._partial.exists() else 0

    def _discard(self) -> None:
        self._note.unlink(missing_ok=True)
        self._partial.unlink(missing_ok=True)

    def _conclusion(self, problems: Sequence[SourceError]) -> HarmonyError:
        """One sentence about all sources, the worst of them first."""
        asset, where = self._asset, self._folder.finished(self._asset)
        words = "; ".join(map(str, _told(problems)))
        if any(isinstance(one, _WrongContent) for one in problems):
            return AssetMismatchError(
                f"asset {asset.name} must have the sha256 {asset.sha256}, but {words}:"
                " it was thrown away"
            )
        lacks = f"asset {asset.name} is not in the store"
        if all(isinstance(one, SourceRefused | SourceChanged) for one in problems):
            return AssetRefusedError(f"{lacks}: {words}; a file put at {where} is taken too")
        return AssetUnreachableError(
            f"{lacks} and can't be had now: {words}; a file put at {where} is taken too"
        )


def _write_all(file: FileIO, chunk: bytes) -> None:
    """Past no buffer: what one kept for a full disk would be written again by whatever truncates or closes
    the file."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _told(problems: Sequence[SourceError]) -> Iterator[SourceError]:
    yield from sorted(problems, key=lambda one: not isinstance(one, _WrongContent))
