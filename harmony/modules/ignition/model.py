"""The part of Ignition's spec 3.3 that this product writes, as typed values.

Two rules of ours are built in: every file and link is `overwrite: true` (a power cut during the
first boot runs Ignition again over what it already wrote, and without it fails for ever), and every
remote source has a digest. Source: https://coreos.github.io/ignition/configuration-v3_3/
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_HASH = re.compile(r"sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128}")
_UNIT = re.compile(
    r"[^/\s]+\.(service|socket|mount|target|timer|path|slice|device|swap|automount|scope)"
)
_SOURCE = re.compile(r"(data:|https?://)")


def _absolute(path: str) -> str:
    if not path.startswith("/") or path.endswith("/") or "/../" in f"{path}/" or "//" in path:
        raise ValueError(f"{path!r} is not a clean absolute path")
    return path


def _hash(value: str) -> str:
    if not _HASH.fullmatch(value):
        raise ValueError(f"{value!r} is not sha256-… or sha512-… in lower-case hex")
    return value


def _unit_name(name: str) -> str:
    if not _UNIT.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a systemd unit")
    return name


def _dropin_name(name: str) -> str:
    if not name.endswith(".conf") or "/" in name:
        raise ValueError(f"{name!r} is not the name of a drop-in: it must end in .conf")
    return name


def _source(source: str) -> str:
    if not _SOURCE.match(source):
        raise ValueError(f"{source!r} is neither a data: nor an http(s) URL")
    return source


AbsolutePath = Annotated[str, AfterValidator(_absolute)]
Mode = Annotated[int, Field(ge=0, le=0o777)]


class _Part(BaseModel):
    """Unknown keys are errors: a misspelled one would be ignored by Ignition without a word."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verification(_Part):
    """`hash` is over the bytes after decompression."""

    hash: Annotated[str, AfterValidator(_hash)]


class Resource(_Part):
    """Where bytes come from: a `data:` URL, or http(s), which has to be verified."""

    source: Annotated[str, AfterValidator(_source)]
    compression: Literal["gzip"] | None = None
    verification: Verification | None = None


class File(_Part):
    """A file; `mode` as in chmod (JSON has it in decimal)."""

    path: AbsolutePath
    contents: Resource
    mode: Mode = 0o644
    overwrite: Literal[True] = True


class Directory(_Part):
    path: AbsolutePath
    mode: Mode = 0o755
    overwrite: Literal[False] = False


class Link(_Part):
    """A symbolic link; `target` as it is to be written."""

    path: AbsolutePath
    target: str
    hard: Literal[False] = False
    overwrite: Literal[True] = True


class DropIn(_Part):
    name: Annotated[str, AfterValidator(_dropin_name)]
    contents: str


class Unit(_Part):
    """A systemd unit: its whole text, drop-ins to it, or only whether it is enabled or masked."""

    name: Annotated[str, AfterValidator(_unit_name)]
    contents: str | None = None
    enabled: bool | None = None
    mask: bool | None = None
    dropins: tuple[DropIn, ...] = ()


class Storage(_Part):
    files: tuple[File, ...] = ()
    directories: tuple[Directory, ...] = ()
    links: tuple[Link, ...] = ()


class Systemd(_Part):
    units: tuple[Unit, ...] = ()


class ConfigReferences(_Part):
    """Configs fetched and merged over this one, later ones winning."""

    merge: tuple[Resource, ...] = ()


class Tls(_Part):
    """Whom Ignition trusts beside the image's own CAs, when it fetches."""

    certificateAuthorities: tuple[Resource, ...] = ()  # noqa: N815 - the spec's name


class Security(_Part):
    tls: Tls = Tls()


class IgnitionSection(_Part):
    version: Literal["3.3.0"] = "3.3.0"
    config: ConfigReferences | None = None
    security: Security | None = None


class Config(_Part):
    """A whole config."""

    ignition: IgnitionSection = IgnitionSection()
    storage: Storage = Storage()
    systemd: Systemd = Systemd()
