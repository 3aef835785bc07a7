"""Puts the daemon's compiled modules in front of their sources, before anything imports these.

They are optional: a daemon whose sources nobody has compiled, or whose compiled modules can't be imported,
runs the sources.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

from typing_extensions import override

from provisioner.images import compiled
from provisioner.images.cache import Cache

_OURS = "provisioner."


class CompiledModules(MetaPathFinder):
    """Finds modules in `files`, by their names."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self._files.get(fullname)
        if file is None:
            return None
        return spec_from_file_location(
            fullname, file, loader=ExtensionFileLoader(fullname, str(file))
        )


def put_in_front(cache: Path | None) -> str:
    """Import what the cache has of the daemon in compiled form. Returns, in words, what runs."""
    if cache is None:
        return "runs its sources: it was told no cache in which they may be compiled"
    built = Cache(cache).find(compiled.recipe())
    if built is None:
        return f"runs its sources: {cache} doesn't have them compiled"
    if not built.is_intact():
        return f"runs its sources: the compiled ones in {cache} are damaged"
    files = [Path(artifact.path) for artifact in built.artifacts]
    finder = CompiledModules({file.name.removesuffix(compiled.SUFFIX): file for file in files})
    before = frozenset(sys.modules)
    sys.meta_path.insert(0, finder)
    try:
        for name in compiled.modules():
            importlib.import_module(name)
    except Exception as error:  # whatever it is, the sources run
        sys.meta_path.remove(finder)
        _forget(before)
        return f"runs its sources: the compiled ones can't be imported: {error}"
    return "runs compiled"


def _forget(before: frozenset[str]) -> None:
    """What was imported since, compiled or by what was: it is imported anew."""
    for name in sys.modules.keys() - before:
        if name.startswith(_OURS):
            del sys.modules[name]
