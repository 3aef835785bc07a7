"""In the place of `python -m provisioner.images`: says what a builder says, at once.

    stand_in_builder.py SCENE build NAME --cache DIR

Scenes: `finishes`; `loses-file` names images that aren't there; `refuses` says an error,
`refuses-images` does after the boot programs; `ends` says nothing and ends with 3; `hangs` builds
for ever and leaves a file `NAME.ended` when told to end; `babbles` says what is no JSON; `long-line`
says more in one line than a pipe holds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from provisioner.images import boot_programs

FILES = {
    "boot-programs": boot_programs.FILES,
    "ramdisk": ("vmlinuz", "initrd.img"),
    "node-image": ("node-image",),
}


def command(scene: str) -> tuple[str, ...]:
    """The command line of this stand-in, for `ImageBuilds`."""
    return (sys.executable, str(Path(__file__)), scene)


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("scene", "verb", "name"):
        parser.add_argument(name)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--network-fd", type=int)
    parser.add_argument("--kubernetes-binaries")
    given = parser.parse_args()
    name, cache = given.name, given.cache
    cache.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, partial(_end, cache / f"{name}.ended"))
    _say({"name": name, "percent": 50, "remaining_seconds": 90})
    match given.scene:
        case "refuses-images" if name != boot_programs.NAME:
            _say({"name": name, "error": "no mirror answers"})
            return 1
        case "refuses":
            _say({"name": name, "error": "no mirror answers"})
            return 1
        case "ends":
            return 3
        case "babbles":
            print("E: dpkg was interrupted", flush=True)
        case "hangs":
            signal.pause()
        case scene:
            folder = boot_programs.folder_in(cache) if name == boot_programs.NAME else cache
            folder.mkdir(parents=True, exist_ok=True)
            lost = scene == "loses-file" and folder == cache
            files = [_file(folder, file, lost=lost) for file in FILES[name]]
            many = {f"package-{n}": "1" for n in range(20_000 if scene == "long-line" else 1)}
            if given.kubernetes_binaries:
                many["official"] = given.kubernetes_binaries
            _say({"name": name, "artifacts": files, "versions": many})
    return 0


def _end(told: Path, _signal: int, _frame: FrameType | None) -> NoReturn:
    told.touch()
    sys.exit(143)


def _file(folder: Path, name: str, *, lost: bool) -> dict[str, object]:
    path, content = folder / name, name.encode()
    if not lost:
        path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "sha256": digest, "size": len(content), "path": str(path)}


def _say(said: dict[str, object]) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    sys.exit(main())
