"""A file from elsewhere, named by its content: where it can be had, and the digest that it must have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.declared import Declared
from inventory.tuples import freeze

S3_SCHEME = "s3://"


@dataclass(frozen=True)
class S3Object(Declared):
    """`url` is `s3://BUCKET/KEY`; `endpoint` the service's URL where that is not Amazon's. `credentials`
    names a profile of the credentials file on the jump host; without it the bucket is read anonymously."""

    url: str
    endpoint: str | None = None
    region: str = "us-east-1"
    credentials: str | None = None

    @property
    def bucket(self) -> str:
        return self.url.removeprefix(S3_SCHEME).partition("/")[0]

    @property
    def key(self) -> str:
        return self.url.removeprefix(S3_SCHEME).partition("/")[2]


Source = str | S3Object


@dataclass(frozen=True)
class Asset(Declared):
    """`url` is https, http, s3 or file, or several mirrors of one content, tried in turn; `sha256` in
    hex. Machines fetch it under the last part of `name`."""

    name: str
    url: Source | tuple[Source, ...] | list[Source]
    sha256: str

    def __post_init__(self) -> None:
        if isinstance(self.url, list):
            freeze(self, "url")

    @property
    def sources(self) -> tuple[Source, ...]:
        """In the order in which they are tried."""
        return tuple(self._sources())

    def _sources(self) -> Iterator[Source]:
        for one in self.url if isinstance(self.url, tuple | list) else (self.url,):
            if isinstance(one, str) and one.startswith(S3_SCHEME):
                yield S3Object(one)
            else:
                yield one
