"""Which version of the spec each thing said in a config needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harmony.modules.ignition.spec.config import Config, References, Tls
from harmony.modules.ignition.spec.disks import Filesystem
from harmony.modules.ignition.spec.nodes import Directory, File
from harmony.modules.ignition.spec.part import JsonPath, Part, Since, marks, parts_of
from harmony.modules.ignition.spec.resource import Resource, Verification
from harmony.modules.ignition.url_form import scheme_of
from harmony.modules.ignition.version import SpecVersion

# Set-user-id, set-group-id and sticky are left out without a word by every engine before 3.6.
SPECIAL_BITS = 0o7000
_SCHEMES = {"gs": SpecVersion.V3_2, "arn": SpecVersion.V3_4}


@dataclass(frozen=True, slots=True)
class Need:
    path: JsonPath
    version: SpecVersion


def needs(config: Config) -> Iterator[Need]:
    """What needs more than 3.0, each where it is said."""
    for at, part in parts_of(config):
        for field in sorted(part.model_fields_set):
            for mark in marks(part, field):
                if isinstance(mark, Since):
                    yield Need((*at, field), mark.version)
        yield from (Need((*at, *tail), version) for tail, version in _by_value(part))


def _by_value(part: Part) -> Iterator[tuple[JsonPath, SpecVersion]]:
    match part:
        case Verification(hash=str(digest)) if digest.startswith("sha256-"):
            yield ("hash",), SpecVersion.V3_1
        case Resource(source=str(source)) if needed := _SCHEMES.get(scheme_of(source) or ""):
            yield ("source",), needed
        case References():
            yield from _compressed("merge", part.merge)
            if part.replace.compression is not None:
                yield ("replace", "compression"), SpecVersion.V3_1
        case Tls():
            yield from _compressed("certificateAuthorities", part.certificateAuthorities)
        case Filesystem(format="none"):
            yield ("format",), SpecVersion.V3_3
        case File(mode=int(mode)) | Directory(mode=int(mode)) if mode & SPECIAL_BITS:
            yield ("mode",), SpecVersion.V3_6
        case _:
            pass


def _compressed(
    field: str, resources: tuple[Resource, ...]
) -> Iterator[tuple[JsonPath, SpecVersion]]:
    for index, resource in enumerate(resources):
        if resource.compression is not None:
            yield (field, index, "compression"), SpecVersion.V3_1
