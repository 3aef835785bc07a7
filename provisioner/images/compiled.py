"""The daemon's busiest modules as machine code: mypyc translates them, their types included, into C.

The sources are as they are for Python; a build is found by a digest of every source that mypyc reads, of
Python and of mypy, so that code that was compiled from others is never met. `provisioner/compiled.py` puts
it in front of the sources.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from inventory.errors import OperatorError
from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.commands import Commands

NAME = "compiled"
REFERENCE = {"compile": 50}
REVISION = 1  # raise it when the steps below change what comes out
PROJECT = Path(__file__).resolve().parents[2]
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))

# What mypyc reads: that which it compiles imports nothing of ours from elsewhere.
READ = (
    "inventory/**/*.py",
    *(f"provisioner/{folder}/**/*.py" for folder in ("agent", "protocol", "serve", "store")),
    "provisioner/__init__.py",
    "provisioner/ports.py",
)
COMPILED = (
    "provisioner/protocol/dhcp/[!_]*.py",
    "provisioner/protocol/errors.py",
    "provisioner/ports.py",
    "provisioner/serve/dhcp_server.py",
    "provisioner/serve/faults.py",
    "provisioner/serve/known_machines.py",
    "provisioner/serve/lease_pipeline.py",
    "provisioner/serve/lease_store.py",
    "provisioner/serve/ledger.py",
    "provisioner/serve/memory.py",
    "provisioner/serve/relayed_networks.py",
    "provisioner/serve/wire_events.py",
    "provisioner/store/rows.py",
    "provisioner/store/sqlite_store.py",
)
# Types are judged elsewhere, by the project's settings; here they are only read.
_MYPYC = ("mypyc", "--config-file", "/dev/null", "--explicit-package-bases")
_LENIENT = ("--ignore-missing-imports",)
_OPTIONS = {"MYPYC_OPT_LEVEL": "3", "MYPYC_DEBUG_LEVEL": "0"}


def recipe(project: Path = PROJECT) -> Recipe:
    """What decides how the modules come out."""
    sources = {str(path): _digest(project / path) for path in _found(project, READ)}
    inputs = {
        "sources": sources,
        "compiled": COMPILED,
        "python": [sys.version, SUFFIX],
        "mypy": _version_of_mypy(),
        "revision": REVISION,
    }
    return Recipe.of(NAME, inputs)


def modules(project: Path = PROJECT) -> tuple[str, ...]:
    """The names of what is compiled."""
    return tuple(".".join(path.with_suffix("").parts) for path in _found(project, COMPILED))


def build(commands: Commands, finish: Callable[[str], None], work: Path, output: Path) -> Product:
    """Compiled in a copy of the sources; side by side in `output`, each under its module's name."""
    if _version_of_mypy() is None:
        raise OperatorError("compiling the daemon needs mypy in the environment that it runs in")
    tree = work / "tree"
    for path in _found(PROJECT, READ):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / path, tree / path)
    sources = _found(tree, COMPILED)
    mypyc = (sys.executable, "-m", *_MYPYC, *_LENIENT)
    commands.run(*mypyc, *sources, folder=tree, extra=_OPTIONS)
    files = [path.relative_to(tree) for path in sorted(tree.rglob(f"*{SUFFIX}"))]
    for file in files:
        if file.parts[0] != "build":
            shutil.copyfile(tree / file, output / ".".join(file.parts))
    finish("compile")
    names = sorted(file.name for file in output.iterdir())
    return Product({name: name for name in names}, {"mypy": str(_version_of_mypy())})


def _found(project: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    """Relative to the project, in order."""
    return tuple(sorted(_matching(project, patterns)))


def _matching(project: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from (path.relative_to(project) for path in project.glob(pattern))


def _digest(source: Path) -> str:
    return sha256(source.read_bytes()).hexdigest()


def _version_of_mypy() -> str | None:
    try:
        return version("mypy")
    except PackageNotFoundError:
        return None
