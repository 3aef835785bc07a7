"""A diagnostic as text, the way rustc prints them: what, where, the line underlined, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inventory.diagnostic import Diagnostic, Place, Severity

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_BLUE = "\x1b[1;34m"
_COLOUR = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}


def render(diagnostic: Diagnostic, sources: Mapping[str, str], *, colour: bool = False) -> str:
    """`sources` are the texts of the files that places name; one that lacks is left out."""
    paint = _painted if colour else _plain
    tone = _COLOUR[diagnostic.severity]
    place = diagnostic.place
    gutter = " " * len(str(place.line)) if place else ""
    lines = [
        paint(f"{diagnostic.severity}[{diagnostic.code}]", tone)
        + paint(f": {diagnostic.message}", _BOLD)
    ]
    if place:
        lines.append(f"{gutter}{paint('-->', _BLUE)} {place.file}:{place.line}:{place.column}")
        line = _line(place, sources)
        if line is not None:
            bar = paint("|", _BLUE)
            mark = paint(_underline(line, place) + _spaced(diagnostic.label), tone)
            lines += [
                f"{gutter} {bar}",
                f"{paint(str(place.line), _BLUE)} {bar} {line}",
                f"{gutter} {bar} {mark}",
            ]
    elif diagnostic.label:
        lines.append(f" {paint('=', _BLUE)} {diagnostic.label}")
    for kind, texts in (("note", diagnostic.notes), ("help", diagnostic.help)):
        for text in texts:
            lines.append(f"{gutter} {paint('=', _BLUE)} {paint(f'{kind}:', _BOLD)} {text}")
    return "\n".join(lines)


def render_all(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], *, colour: bool = False
) -> str:
    """All of them with an empty line between, and a last line that counts them."""
    found = list(diagnostics)
    texts = [render(diagnostic, sources, colour=colour) for diagnostic in found]
    return "\n\n".join([*texts, count(found)])


def count(diagnostics: Iterable[Diagnostic]) -> str:
    """Such as `3 errors, 1 warning`."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    numbers = [(severity, severities.count(severity)) for severity in Severity]
    words = [f"{n} {word}{'s' if n > 1 else ''}" for word, n in numbers if n]
    return ", ".join(words) or "nothing found"


def _line(place: Place, sources: Mapping[str, str]) -> str | None:
    lines = sources.get(place.file, "").split("\n")
    return lines[place.line - 1].replace("\t", " ") if place.line <= len(lines) else None


def _underline(line: str, place: Place) -> str:
    length = max(1, min(place.end_column, len(line) + 1) - place.column)
    return " " * (place.column - 1) + "^" * length


def _spaced(label: str) -> str:
    return f" {label}" if label else ""


def _painted(text: str, tone: str) -> str:
    return f"{tone}{text}{_RESET}"


def _plain(text: str, _tone: str) -> str:
    return text
