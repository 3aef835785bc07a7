"""What a build made, and the file beside it that says so: names, digests, sizes, versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from inventory.contribution import Artifact

BUILT = "built.json"


@dataclass(frozen=True, slots=True)
class Product:
    """What a build made: artifact name to file name inside the folder it was given, and the versions."""

    files: Mapping[str, str]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: `artifacts` in the order the builder named them."""

    name: str
    recipe: str
    artifacts: tuple[Artifact, ...]
    versions: Mapping[str, str]

    def is_complete(self) -> bool:
        """Whether every file is there, of its size: as quick as it has to be to be asked each time."""
        return all(_size(Path(one.path)) == one.size for one in self.artifacts)

    def is_intact(self) -> bool:
        """Whether every file has its digest: seconds for the big ones."""
        return self.is_complete() and all(
            sha256_of(Path(one.path)) == one.sha256 for one in self.artifacts
        )


def write_built(name: str, recipe: str, product: Product, folder: Path) -> None:
    """Describe what lies in `folder`, there."""
    artifacts = [
        {
            "name": name,
            "sha256": sha256_of(folder / file),
            "size": (folder / file).stat().st_size,
            "path": file,
        }
        for name, file in product.files.items()
    ]
    document = {
        "name": name,
        "recipe": recipe,
        "artifacts": artifacts,
        "versions": dict(product.versions),
    }
    (folder / BUILT).write_text(json.dumps(document, indent=1, sort_keys=True))


def read_built(folder: Path) -> Built | None:
    """The build that `folder` describes, with absolute paths (the cache may have been moved); None
    where there is no description, or a damaged one."""
    try:
        document = json.loads((folder / BUILT).read_text())
        artifacts = tuple(Artifact(**artifact) for artifact in document["artifacts"])
        built = Built(document["name"], document["recipe"], artifacts, document["versions"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    placed = tuple(replace(a, path=str(folder.absolute() / a.path)) for a in built.artifacts)
    return replace(built, artifacts=placed)


def sha256_of(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
