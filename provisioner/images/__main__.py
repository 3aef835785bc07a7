"""`python -m provisioner.images`: builds what machines boot and run, into the cache.

build NAME… --cache DIR [--network-fd N] [--kubernetes-binaries DIR]
unpack PACKAGE… --cache DIR        Debian packages to run from where they are, without installing them
list --cache DIR
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

from inventory.errors import HarmonyError, OperatorError
from provisioner.images.builders import NAMES, Builder, Means, builder
from provisioner.images.built import Built, Product
from provisioner.images.cache import Cache
from provisioner.images.calling import caller, enter_network
from provisioner.images.commands import Commands
from provisioner.images.packages import Packages, build_tree, tree_recipe
from provisioner.images.progress import Steps
from provisioner.images.reporting import Reporter, built_line, error_line


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 with an error line."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _end)
    if options.network_fd is not None:
        enter_network(options.network_fd)
    cache = Cache(Path(options.cache), caller())
    match options.verb:
        case "list":
            for built in cache.all_finished():
                _say(built_line(built))
            return 0
        case "unpack":
            return _attempt("packages", partial(_unpack, cache, options.names))
        case _:
            names = NAMES if "all" in options.names else options.names
            folder = options.kubernetes_binaries
            return max(_attempt(name, partial(_build, cache, name, folder)) for name in names)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m provisioner.images", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--cache", required=True, help="the cache's folder")
    common.add_argument("--network-fd", type=int, help="an open network namespace to fetch from")
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", parents=[common])
    build.add_argument("names", nargs="+", choices=(*NAMES, "all"))
    build.add_argument(
        "--kubernetes-binaries", type=Path, help="official binaries instead of a build"
    )
    unpack = verbs.add_parser("unpack", parents=[common])
    unpack.add_argument("names", nargs="+", metavar="PACKAGE")
    verbs.add_parser("list", parents=[common])
    return parser


def _build(cache: Cache, name: str, kubernetes_folder: Path | None) -> str:
    making = builder(name, kubernetes_folder)
    found = cache.find(making.recipe)
    return built_line(found or _make(cache, name, making))


def _make(cache: Cache, name: str, making: Builder) -> Built:
    if making.root and os.geteuid() != 0:
        raise OperatorError(f"building {name} needs root's rights")

    def say(line: str) -> None:
        cache.note_progress(making.recipe, line)
        _say(line)

    def build(work: Path, output: Path) -> Product:
        reporter = Reporter(name, Steps(making.reference, time.monotonic), making.lines, say)
        commands = Commands(work / "log", reporter.tick, dict(os.environ))
        kept = cache.root / "kept" / name
        means = Means(kept, Packages(cache.root / "apt", commands), commands, reporter.finish)
        try:
            with reporter.running():
                return making.build(means, work, output)
        finally:
            for shared in ("apt", "kept"):
                cache.give_tree(cache.root / shared)

    return cache.build(making.recipe, build, waiting=_repeat)


def _unpack(cache: Cache, names: list[str]) -> str:
    recipe = tree_recipe(names)

    def build(work: Path, output: Path) -> Product:
        commands = Commands(work / "log", lambda _line: None, dict(os.environ))
        return build_tree(Packages(cache.root / "apt", commands), names, work, output)

    built = cache.build(recipe, build, waiting=_repeat)
    path = cache.folder_of(recipe) / "tree"
    return json.dumps({"name": "packages", "path": str(path), "versions": dict(built.versions)})


def _attempt(name: str, act: Callable[[], str]) -> int:
    """0 and what `act` says, or 1 and an error line."""
    try:
        _say(act())
    except HarmonyError as error:
        _say(error_line(name, error))
        return 1
    return 0


def _repeat(line: str) -> None:
    """Another builder is at it: its last words are ours."""
    if line:
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
