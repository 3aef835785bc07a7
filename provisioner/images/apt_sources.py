"""The machine's own package sources, read and written in deb822 form (sources.list(5)). Pure.

Builds use the mirrors the operator chose for the machine, and nothing else of its apt configuration that
names packages: third-party sources are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from typing_extensions import override

SUITE = "bookworm"
SUITES = frozenset({SUITE, f"{SUITE}-updates", f"{SUITE}-security"})
COMPONENT = "main"
KEYRING = "/usr/share/keyrings/debian-archive-"
ONE_LINE = re.compile(r"^(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$")
YES = frozenset({"yes", "true", "on", "1", ""})


@dataclass(frozen=True, slots=True)
class Source:
    """One stanza; `signed_by` is a keyring's path or empty for the machine's trusted keys."""

    types: tuple[str, ...]
    uris: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""
    enabled: bool = True

    @override
    def __str__(self) -> str:
        lines = {
            "Types": " ".join(self.types),
            "URIs": " ".join(self.uris),
            "Suites": " ".join(self.suites),
            "Components": " ".join(self.components),
            "Signed-By": self.signed_by,
        }
        return "".join(f"{key}: {value}\n" for key, value in lines.items() if value)


def parse_list(text: str) -> Iterator[Source]:
    """The stanzas of a one-line-style file (sources.list, *.list)."""
    for line in text.splitlines():
        match = ONE_LINE.match(line.split("#", 1)[0].strip())
        if match is None:
            continue
        kind, options, uri, suite, components = match.groups()
        settings = dict(o.split("=", 1) for o in (options or "").split() if "=" in o)
        yield Source(
            (kind,), (uri,), (suite,), tuple(components.split()), settings.get("signed-by", "")
        )


def parse_deb822(text: str) -> Iterator[Source]:
    """The stanzas of a *.sources file. A key block written into the file itself is kept as it is."""
    without_comments = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", without_comments):
        fields = {
            key.lower(): value.strip()
            for key, value in re.findall(r"^([\w-]+):((?:.*)(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        }
        if "uris" in fields and "types" in fields:
            yield _source_of(fields)


def _source_of(fields: dict[str, str]) -> Source:
    return Source(
        types=tuple(fields["types"].split()),
        uris=tuple(fields["uris"].split()),
        suites=tuple(fields.get("suites", "").split()),
        components=tuple(fields.get("components", "").split()),
        signed_by=fields.get("signed-by", ""),
        enabled=fields.get("enabled", "yes").lower() in YES,
    )


def debian_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Debian's own binary packages of the release, main only, however the mirror is called.

    Where a keyring is named it is Debian's; if no source is like that (a mirror that signs with a key of
    its own), every source of the release's main.
    """
    of_release = tuple(
        replace(s, types=("deb",), suites=_kept(s.suites, SUITES), components=(COMPONENT,))
        for s in sources
        if s.enabled and "deb" in s.types and COMPONENT in s.components and _kept(s.suites, SUITES)
    )
    own = tuple(s for s in of_release if not s.signed_by or s.signed_by.startswith(KEYRING))
    return own or of_release


def with_source_packages(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The same, and the source packages of the release itself from the mirrors that have it."""
    found = tuple(sources)
    return found + tuple(
        replace(s, types=("deb-src",), suites=(SUITE,)) for s in found if SUITE in s.suites
    )


def _kept(names: Iterable[str], wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in wanted)
