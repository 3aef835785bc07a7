"""Reads SITE.py: what it declares, or what is wrong with it as diagnostics, never as a traceback.

The file is Python and is executed; that it does no I/O is its author's duty. Nothing in it is
judged here beyond what keeps it from being read.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Final

from harmony.domain.document import to_document
from harmony.domain.order import AnyScore
from harmony.maestro import Maestro
from inventory.codes import Code
from inventory.declaration import declaration_document, digest
from inventory.diagnostic import Diagnostic, Place, Severity
from inventory.errors import OperatorError
from inventory.place import Reading, executing, place_in
from inventory.site import Site

_MODULE: Final = "harmony_declaration"


class FaultyDeclarationError(OperatorError):
    """The declaration has errors; its `diagnostics` are all of them."""


@dataclass(slots=True)
class DeclarationFile:
    """`findings` grows: what reading refused, then what `deploy` refused."""

    file: str
    source: str
    findings: list[Diagnostic] = field(default_factory=list[Diagnostic])
    site: Site | None = None
    _deploy: Callable[[Maestro[Any]], object] | None = None
    _reading: Reading | None = None

    @property
    def sources(self) -> dict[str, str]:
        """For `inventory.render`."""
        return {self.file: self.source}

    def deploy(self, maestro: Maestro[Any]) -> None:
        """Lets the file register its Scores; what goes wrong is a finding."""
        if self._deploy is not None and self._reading is not None:
            with self._taking_findings(self._reading):
                self._deploy(maestro)

    def require_sound(self) -> Site:
        """The site. Raises FaultyDeclarationError if anything found so far is an error."""
        errors = [found for found in self.findings if found.severity is Severity.ERROR]
        if errors or self.site is None:
            raise FaultyDeclarationError(f"{self.file} has errors", tuple(self.findings))
        return self.site

    def read(self) -> None:
        """Executes the file and takes `site` and `deploy` from it."""
        try:
            tree = ast.parse(self.source, self.file)
            self._reading = Reading(self.file, self.source)
            code = compile(tree, self.file, "exec")
        except (SyntaxError, ValueError) as error:
            self.findings.append(_not_python(self.file, error))
            return
        module = ModuleType(_MODULE)
        sys.modules[_MODULE] = module  # classes that it defines look up their names there
        count = len(self.findings)
        with self._taking_findings(self._reading):
            exec(code, vars(module))
        self._take(module, tree, interrupted=len(self.findings) > count)

    def _take(self, module: ModuleType, tree: ast.Module, *, interrupted: bool) -> None:
        site, deploy = getattr(module, "site", None), getattr(module, "deploy", None)
        self.site = site if isinstance(site, Site) else None
        self._deploy = deploy if callable(deploy) else None
        self.findings += _twice(self.file, tree)
        runs = deploy is None or not _never_runs(deploy)
        if not runs:
            self._deploy = None
            self.findings.append(_not_plain(self.file, tree))
        if interrupted and (self.site is None or self._deploy is None):
            return  # the rest of the file was not read: no wonder
        if self.site is None:
            self.findings.append(_lacks(self.file, Code.NO_SITE, "site", "a Site", _SITE_HELP))
        if self._deploy is None and runs:
            told = _lacks(self.file, Code.NO_DEPLOY, "deploy", "a function", _DEPLOY_HELP)
            self.findings.append(told)

    @contextmanager
    def _taking_findings(self, reading: Reading) -> Generator[None]:
        before = len(reading.refusals)
        try:
            with executing(reading):
                yield
        except OperatorError as error:
            self.findings += error.diagnostics or (_raised(self.file, error),)
        except (Exception, SystemExit) as error:
            self.findings.append(_raised(self.file, error))
        finally:
            self.findings += reading.refusals[before:]


_SITE_HELP = 'site = Site("home", networks=[…], hosts=[…])'
_DEPLOY_HELP = "def deploy(maestro: Maestro[MachineSite]) -> None: maestro.register(…)"


def read_declaration(path: Path) -> DeclarationFile:
    """The declaration at `path`, with what is wrong with it in its `findings`."""
    try:
        declaration = DeclarationFile(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        unreadable = Diagnostic(
            Code.FILE_UNREADABLE,
            f"{path} can't be read: {reason}",
            help=("give the path of a declaration, such as examples/first_boot.py",),
        )
        return DeclarationFile(str(path), "", [unreadable])
    declaration.read()
    return declaration


def declaration_digest(site: Site, scores: tuple[AnyScore, ...]) -> str:
    """What a rehearsal passes and a hand-over names: sha256 of the canonical declaration."""
    return digest(declaration_document(site, [to_document(score) for score in scores]))


def _not_python(file: str, error: SyntaxError | ValueError) -> Diagnostic:
    place = None
    if isinstance(error, SyntaxError) and error.lineno:
        column = max(error.offset or 1, 1)
        same_line = error.end_lineno in (None, error.lineno)
        end = error.end_offset if same_line and error.end_offset else column + 1
        place = Place(file, error.lineno, column, max(end, column + 1))
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    return Diagnostic(
        Code.NOT_PYTHON,
        f"{file} is not Python: {words}",
        place,
        "here Python gave up",
        help=("the mistake is here or just before",),
    )


def _raised(file: str, error: BaseException) -> Diagnostic:
    return Diagnostic(
        Code.DECLARATION_RAISED,
        f"{type(error).__name__}: {error}",
        _innermost(file, error.__traceback__),
        "raised here",
        help=("a declaration only makes values: it reads no file and asks no one",),
    )


def _innermost(file: str, traceback: TracebackType | None) -> Place | None:
    found: Place | None = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == file:
            found = place_in(code, traceback.tb_lasti, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _twice(file: str, tree: ast.Module) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for node in tree.body:
        for name, column in _definitions(node):
            line = node.lineno
            if name in ("site", "deploy") and first.setdefault(name, line) != line:
                yield Diagnostic(
                    Code.DEFINED_TWICE,
                    f"{name!r} is defined twice",
                    Place(file, line, column + 1, column + 1 + len(name)),
                    "only this one would count",
                    notes=(f"the first is at {file}:{first[name]}",),
                    help=("one file declares one site: keep one of them",),
                )


def _never_runs(deploy: object) -> bool:
    """A call of it would only make a coroutine or a generator."""
    kinds = (
        inspect.iscoroutinefunction,
        inspect.isgeneratorfunction,
        inspect.isasyncgenfunction,
    )
    return any(is_of_kind(deploy) for is_of_kind in kinds)


def _not_plain(file: str, tree: ast.Module) -> Diagnostic:
    places = (
        Place(file, node.lineno, column + 1, column + 1 + len(name))
        for node in tree.body
        for name, column in _definitions(node)
        if name == "deploy"
    )
    return Diagnostic(
        Code.NO_DEPLOY,
        "'deploy' is no plain function: a call would register nothing",
        next(places, None),
        "async, or with a yield in it",
        help=(_DEPLOY_HELP,),
    )


def _definitions(node: ast.stmt) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.FunctionDef):
        yield node.name, node.col_offset + len("def ")
    if isinstance(node, ast.AsyncFunctionDef):
        yield node.name, node.col_offset + len("async def ")
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, target.col_offset


def _lacks(file: str, code: Code, name: str, kind: str, help: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"{file} has no {name!r} that is {kind}",
        Place(file, 1, 1, 2),
        help=(help,),
    )
