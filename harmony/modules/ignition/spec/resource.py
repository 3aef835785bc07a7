"""Where bytes come from."""
# ruff: noqa: N815 - the spec's names

from __future__ import annotations

from typing import Annotated

from typing_extensions import override

from harmony.modules.ignition.spec.part import Keyed, Part, Since, Text
from harmony.modules.ignition.version import SpecVersion


class Verification(Part):
    """`hash` is `sha512-…` (or, from 3.1 on, `sha256-…`) of the bytes after decompression."""

    hash: Text | None = None


class HttpHeader(Keyed):
    """Without a value it takes the parent's header of its name away when configs are merged."""

    name: Text
    value: Text | None = None

    @property
    @override
    def key(self) -> str:
        return self.name


class Resource(Keyed):
    """A URL (http, https, tftp, s3, data; gs from 3.2, arn from 3.4 on) and what to check of it."""

    source: Text | None = None
    compression: Text | None = None
    httpHeaders: Annotated[tuple[HttpHeader, ...], Since(SpecVersion.V3_1)] = ()
    verification: Verification = Verification()

    @property
    @override
    def key(self) -> str:
        return self.source or ""
