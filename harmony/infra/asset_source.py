"""Where an asset is downloaded from: what every kind of source can do, and how it fails.

HarmonyError
└── SourceError         it isn't had from this source
    ├── SourceAway      not now: nobody answers, the answer ends too early, the server is in trouble
    ├── SourceRefused   not ever: it isn't there, isn't allowed, or isn't a file
    └── SourceChanged   it can't go on in the middle: it has another content, or another length now
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from inventory.errors import HarmonyError

CHUNK = 256 * 1024
STALL_SECONDS = 60.0
"""Without a byte; then the next mirror is tried."""


class SourceError(HarmonyError):
    """Its message names the source."""


class SourceAway(SourceError):
    """Asking again later is right."""


class SourceRefused(SourceError):
    """Asking again brings the same."""


class SourceChanged(SourceError):
    """What is there of it has to be thrown away."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A download that was interrupted: `position` bytes are there, of `size`, from the source of this
    `name`, which called that content `validator`. Empty where it said nothing."""

    position: int = 0
    name: str = ""
    validator: str = ""
    size: int | None = None

    @property
    def is_all(self) -> bool:
        return self.size is not None and self.position == self.size


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer: `chunks` follow from `position` on, of `size` bytes in all."""

    position: int
    size: int | None
    validator: str
    chunks: Iterator[bytes]


class AssetSource(Protocol):
    @property
    def name(self) -> str:
        """For messages, and to know it again: without secrets."""
        ...

    def open(self, begun: Begun) -> AbstractContextManager[Opened]:
        """Go on after what has begun, if the content is still the same; from the beginning otherwise, or
        SourceChanged. Raises SourceError, also while chunks are read."""
        ...


def shown(url: str) -> str:
    """The URL without what may be secret: who asks, and a query, which may be signed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "what is no URL"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
