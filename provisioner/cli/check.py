"""`provisioner check SITE.py`: all that is wrong with a declaration, at once, touching nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter
from typing_extensions import override

from harmony.domain.judgement import judge
from harmony.domain.order import AnyScore
from harmony.domain.outcome import Outcome
from harmony.domain.preflight.waiving import judge_waivers
from harmony.domain.site_judgement import judge_on_site
from harmony.domain.topology import Topology
from harmony.maestro import Maestro
from harmony.modules.preflight.catalogue import KNOWN
from inventory.check import check, in_order
from inventory.diagnostic import Diagnostic, Severity
from inventory.render import render_all
from provisioner.cli.declaration_file import (
    DeclarationFile,
    declaration_digest,
    read_declaration,
)
from provisioner.cli.missing_assets import missing_assets

_DIAGNOSTICS = TypeAdapter(tuple[Diagnostic, ...])


class _NoTopologyYet(Topology):
    """Collects Scores only: which topology they meet is the command's choice, made elsewhere."""

    @override
    def describe(self) -> str:
        return "no topology yet"

    @override
    async def ensure_ready(self) -> Outcome:
        return Outcome.failure("a check carries nothing out")


def check_file(
    path: Path, *, as_json: bool, out: TextIO, kubernetes_binaries: Path | None = None
) -> int:
    """Prints all findings; 1 if one of them is an error, else 0."""
    from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES

    declaration, scores, found = judged(path, PRODUCTION, KINDS, TOPOLOGIES)
    if kubernetes_binaries is not None:
        found = in_order([*found, *missing_assets(scores, kubernetes_binaries)])
    if as_json:
        out.write(json.dumps(_document(declaration, scores, found), indent=2) + "\n")
    else:
        if found:
            out.write(render_all(found, declaration.sources, colour=out.isatty()) + "\n")
        else:
            out.write(_summary(declaration, scores) + "\n")
        if digest := _digest(declaration, scores, found):
            out.write(f"declaration {digest}\n")
    return int(_faulty(found))


def judged(
    path: Path,
    offer: Topology | type[Any],
    kinds: tuple[type[AnyScore], ...],
    topologies: tuple[type, ...],
) -> tuple[DeclarationFile, tuple[AnyScore, ...], tuple[Diagnostic, ...]]:
    """The declaration, its Scores, and all findings in the order of the file."""
    declaration = read_declaration(path)
    maestro = Maestro[Any](_NoTopologyYet(), kinds=kinds)
    declaration.deploy(maestro)
    return declaration, maestro.scores, findings(declaration, maestro, offer, topologies)


def findings(
    declaration: DeclarationFile,
    maestro: Maestro[Any],
    offer: Topology | type[Any],
    topologies: tuple[type, ...] = (),
) -> tuple[Diagnostic, ...]:
    """All of a declaration whose `deploy` has registered its Scores, judged against `offer`."""
    found = [*declaration.findings, *maestro.strangers]
    if declaration.site is not None:
        found += check(declaration.site)
        found += judge_on_site(maestro.scores, declaration.site)
        found += judge_waivers(declaration.site.waivers, KNOWN)
    found += judge(maestro.registered, offer, maestro.kinds, topologies)
    return in_order(found)


def _document(
    declaration: DeclarationFile, scores: tuple[AnyScore, ...], found: tuple[Diagnostic, ...]
) -> dict[str, Any]:
    return {
        "file": declaration.file,
        "diagnostics": _DIAGNOSTICS.dump_python(found, mode="json"),
        "digest": _digest(declaration, scores, found),
    }


def _digest(
    declaration: DeclarationFile, scores: tuple[AnyScore, ...], found: tuple[Diagnostic, ...]
) -> str | None:
    """Of a declaration that can be carried out, warnings or not."""
    if declaration.site is None or _faulty(found):
        return None
    return declaration_digest(declaration.site, scores)


def _faulty(found: tuple[Diagnostic, ...]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)


def _summary(declaration: DeclarationFile, scores: tuple[AnyScore, ...]) -> str:
    site = declaration.site
    if site is None:
        return f"{declaration.file}: nothing found"
    counts = (
        _many(site.networks, "network"),
        _many(site.hosts, "host"),
        _many(scores, "Score"),
    )
    return f"{declaration.file}: nothing found in site {site.name!r} ({', '.join(counts)})"


def _many(values: tuple[object, ...] | list[Any], word: str) -> str:
    return f"{len(values)} {word}{'' if len(values) == 1 else 's'}"
