"""Debian's Python for the ramdisk: the interpreter, the agent, and the standard library it imports.

A test derives both lists from what the agent imports; the ramdisk has nothing else. Everything is
compiled beforehand, without docstrings: an emulated machine takes seconds to compile what it imports.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from provisioner.images.commands import Commands
from provisioner.images.ramdisk_archive import RegularFile
from provisioner.images.ramdisk_errors import RamdiskPartMissing
from provisioner.images.ramdisk_libraries import library_folders

INTERPRETER = "usr/bin/python3.11"
LIBRARY = "usr/lib/python3.11"
PROJECT = Path(__file__).resolve().parents[2]

# Pure Python modules, besides those frozen into the interpreter. It looks for `os` to find its home.
MODULES = (
    *("__future__", "_weakrefset", "ast", "base64", "bisect", "calendar", "collections"),
    *("collections.abc", "contextlib", "copy", "copyreg", "ctypes", "ctypes._endian"),
    *("dataclasses", "datetime", "dis", "email", "email._encoded_words", "email._parseaddr"),
    *("email._policybase", "email.base64mime", "email.charset", "email.encoders"),
    *("email.errors", "email.feedparser", "email.header", "email.iterators", "email.message"),
    *("email.parser", "email.quoprimime", "email.utils", "encodings", "encodings.aliases"),
    *("encodings.idna", "encodings.utf_8", "enum"),
    *("fnmatch", "functools", "hashlib", "http", "http.client", "importlib", "inspect"),
    *("ipaddress", "json", "json.decoder", "json.encoder", "json.scanner", "keyword"),
    *("linecache", "locale", "opcode", "operator", "os", "pathlib", "quopri", "random", "re"),
    *("re._casefix", "re._compiler", "re._constants", "re._parser", "reprlib", "selectors"),
    *("socket", "string", "stringprep", "struct", "token", "tokenize", "types", "typing"),
    *("urllib", "urllib.parse", "warnings", "weakref"),
)

# Modules in lib-dynload; what is missing here is built into Debian's interpreter.
EXTENSIONS = ("_ctypes", "_hashlib", "_json", "_typing", "mmap")


def extension_path(name: str) -> str:
    """Where Debian keeps an extension, relative to the root."""
    return f"{LIBRARY}/lib-dynload/{name}.cpython-311-x86_64-linux-gnu.so"


def agent_sources() -> dict[str, Path]:
    """What of this project runs in the ramdisk: path relative to the project, and the file."""
    agent = PROJECT / "provisioner" / "agent"
    files = [agent.parent / "__init__.py", *sorted(agent.glob("*.py"))]
    return {str(file.relative_to(PROJECT)): file for file in files}


def compiled_python(tree: Path, commands: Commands, work: Path) -> tuple[RegularFile, ...]:
    """The standard library's part and the agent, compiled by the very interpreter that will run them."""
    for name in MODULES:
        _copy(_module_source(tree / LIBRARY, name), tree / LIBRARY, work)
    for path, file in agent_sources().items():
        target = work / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    commands.run(
        *(tree / INTERPRETER, "-S", "-OO", "-m", "compileall", "-q", "-b", "-s", work),
        *("--invalidation-mode", "unchecked-hash", work),
        extra={
            "PYTHONHOME": str(tree / "usr"),
            "LD_LIBRARY_PATH": ":".join(str(tree / folder) for folder in library_folders()),
        },
    )
    return tuple(_compiled(work))


def _compiled(work: Path) -> Iterator[RegularFile]:
    for file in sorted(work.rglob("*.pyc")):
        yield RegularFile(f"/{LIBRARY}/{file.relative_to(work)}", file.read_bytes())


def _module_source(library: Path, name: str) -> Path:
    path = library / name.replace(".", "/")
    for source in (path / "__init__.py", path.with_suffix(".py")):
        if source.is_file():
            return source
    raise RamdiskPartMissing(f"Debian's Python has no module {name} any more")


def _copy(source: Path, library: Path, work: Path) -> None:
    target = work / source.relative_to(library)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
