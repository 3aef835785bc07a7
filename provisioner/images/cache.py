"""Finished builds, found by what they were made from.

A **recipe** is everything that decides a build's bytes as far as this product decides it: package names,
file contents, options, a revision. Its digest names the folder of the finished build, which appears there
whole (one rename) or not at all. Debian's own updates do not change a recipe: what versions went in is
written beside the artifacts. A finished build that was damaged later (a file is gone or was cut off) counts
as none and is replaced.

    ROOT/finished/NAME/DIGEST/{built.json, artifacts…}
    ROOT/work/NAME-DIGEST/        of a running or interrupted build; removed when one starts again
    ROOT/locks/NAME-DIGEST        held (flock) while building; its text is the builder's last progress
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from provisioner.images.built import Built, Product, read_built, write_built

OUTPUT = "output"  # the folder of a running build that will be the finished one
POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Recipe:
    """`name` of what is built and its inputs as canonical JSON."""

    name: str
    inputs: str

    @classmethod
    def of(cls, name: str, inputs: Mapping[str, object]) -> Recipe:
        """A recipe of JSON values; the order of keys does not matter."""
        return cls(name, json.dumps(inputs, sort_keys=True, separators=(",", ":")))

    @property
    def digest(self) -> str:
        """16 hex digits of the inputs' sha256."""
        return hashlib.sha256(self.inputs.encode()).hexdigest()[:16]

    @property
    def key(self) -> str:
        """The name of its folder of work and of its lock."""
        return f"{self.name}-{self.digest}"


Build = Callable[[Path, Path], Product]


@dataclass(frozen=True, slots=True)
class Cache:
    """`owner` (user and group id) is who gets what is created, where the builder runs under sudo."""

    root: Path
    owner: tuple[int, int] | None = None

    def find(self, recipe: Recipe) -> Built | None:
        """The finished build of this recipe, or None: one that lacks something is none."""
        return _complete(self.folder_of(recipe))

    def build(self, recipe: Recipe, build: Build, waiting: Callable[[str], None]) -> Built:
        """Find it, or wait for whoever builds it, or build it: `build(work, output)` fills `output`.

        `waiting` is called again and again with the other builder's last progress (may be empty).
        """
        if (found := self.find(recipe)) is not None:
            return found
        with self.locked(recipe, waiting):
            if (found := self.find(recipe)) is not None:
                return found
            return self._build(recipe, build)

    def adopt(self, recipe: Recipe, other: Cache) -> None:
        """Copy another cache's finished build, if it has one and this has none: it would not come
        out the same to the byte if it were built again. A damaged one is left."""
        if self.find(recipe) is not None or other.find(recipe) is None:
            return
        with self.locked(recipe, lambda _: None):
            if self.find(recipe) is not None:
                return
            self._sweep(recipe)
            work = self._work(recipe)
            output = work / OUTPUT
            self._folder(output)
            for file in other.folder_of(recipe).iterdir():
                copy = Path(shutil.copyfile(file, output / file.name))
                if file.stat().st_mode & stat.S_IXUSR:  # who may read it there says nothing here
                    copy.chmod(0o755)
            if (copied := read_built(output)) is not None and copied.is_intact():
                self._finish(recipe)
            shutil.rmtree(work, ignore_errors=True)

    def note_progress(self, recipe: Recipe, text: str) -> None:
        """Tell those who wait for our lock how far we are."""
        self._lock_file(recipe).write_text(text)

    @contextmanager
    def locked(self, recipe: Recipe, waiting: Callable[[str], None]) -> Generator[None]:
        """Hold the recipe's lock. The kernel frees a dead builder's."""
        path = self._lock_file(recipe)
        self._folder(path.parent)
        with path.open("a", encoding="utf-8") as lock:
            while not _try_lock(lock):
                waiting(path.read_text())
                time.sleep(POLL_SECONDS)
            self._give(path)
            path.write_text("")
            yield

    def all_finished(self) -> tuple[Built, ...]:
        """Every finished build, by name and age."""
        folders = sorted(
            self.root.glob("finished/*/*"), key=lambda f: (f.parent.name, f.stat().st_mtime)
        )
        return tuple(built for folder in folders if (built := _complete(folder)) is not None)

    def _build(self, recipe: Recipe, build: Build) -> Built:
        self._sweep(recipe)
        work = self._work(recipe)
        output = work / OUTPUT
        self._folder(output)
        product = build(work, output)
        write_built(recipe.name, recipe.digest, product, output)
        self._finish(recipe)
        shutil.rmtree(work, ignore_errors=True)
        built = self.find(recipe)
        assert built is not None
        return built

    def _finish(self, recipe: Recipe) -> None:
        """The output to where it is found, whole. What lay there was no finished build, or it would
        have been found."""
        output, finished = self._work(recipe) / OUTPUT, self.folder_of(recipe)
        self.give_tree(output)
        self._folder(finished.parent)
        _sync_tree(output)
        if finished.exists():
            finished.rename(self._work(recipe) / "damaged")
        output.rename(finished)

    def _sweep(self, own: Recipe) -> None:
        """Remove what builds left behind that nobody works on any more, our own recipe's included."""
        for left in self.root.glob("work/*"):
            with (self.root / "locks" / left.name).open("a", encoding="utf-8") as lock:
                if left.name == own.key or _try_lock(lock):
                    shutil.rmtree(left, ignore_errors=True)

    def folder_of(self, recipe: Recipe) -> Path:
        """Where the finished build is, or will be."""
        return self.root / "finished" / recipe.name / recipe.digest

    def _work(self, recipe: Recipe) -> Path:
        return self.root / "work" / recipe.key

    def _lock_file(self, recipe: Recipe) -> Path:
        return self.root / "locks" / recipe.key

    def _folder(self, folder: Path) -> None:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for made in missing:
            self._give(made)

    def _give(self, path: Path) -> None:
        if self.owner is not None:
            os.chown(path, *self.owner, follow_symlinks=False)

    def give_tree(self, folder: Path) -> None:
        """A folder and all in it to the cache's owner."""
        for path in (
            (folder, *folder.rglob("*")) if self.owner is not None and folder.exists() else ()
        ):
            self._give(path)


def _complete(folder: Path) -> Built | None:
    built = read_built(folder)
    return built if built is not None and built.is_complete() else None


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            continue  # a link's name is its folder's; a device has no content here
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
