"""The project's tracked files, as the structure tests look at them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("harmony", "inventory", "ipxe_templates", "kvm", "provisioner")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file git knows, relative to the root, without those deleted from the work tree."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).exists())


def sources() -> tuple[Path, ...]:
    """The product's Python files."""
    return tuple(path for path in python_files() if path.parts[0] in PACKAGES)


def python_files() -> tuple[Path, ...]:
    """Every Python file, tests among them."""
    return tuple(path for path in tracked() if path.suffix == ".py")


def text_of(path: Path) -> str:
    """The file's text; empty for one that is no text."""
    try:
        return (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""


def has_function_body(path: Path) -> bool:
    """Whether any function in it does something: an abstract or Protocol method (docstring, `...`,
    `raise`-less) does not count."""
    functions = (
        node
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return any(not all(map(_is_empty, function.body)) for function in functions)


def _is_empty(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
