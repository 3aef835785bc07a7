"""Assets out of a file of the jump host: a USB stick, a share that is mounted."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from typing_extensions import override

from harmony.infra.asset_source import CHUNK, AssetSource, Begun, Opened, SourceAway, SourceRefused


class FileSource(AssetSource):
    """`url` is file:///…"""

    def __init__(self, url: str) -> None:
        self._url = url
        self._path = Path(unquote(urlsplit(url).path))

    @property
    @override
    def name(self) -> str:
        return self._url

    @contextmanager
    @override
    def open(self, begun: Begun) -> Generator[Opened]:
        try:
            if self._path.exists() and not self._path.is_file():  # a pipe would never end
                raise SourceRefused(f"{self._url} is not a file")
            file = self._path.open("rb")
        except OSError as error:
            raise SourceRefused(f"{self._url}: {error.strerror}") from error
        with file:
            seen = os.fstat(file.fileno())
            validator = f"{seen.st_ino}-{seen.st_size}-{seen.st_mtime_ns}"
            same = begun.name == self._url and begun.validator == validator
            position = begun.position if same else 0
            file.seek(position)
            yield Opened(position, seen.st_size, validator, self._chunks(file))

    def _chunks(self, file: BinaryIO) -> Iterator[bytes]:
        try:
            while chunk := file.read(CHUNK):
                yield chunk
        except OSError as error:
            raise SourceAway(f"{self._url}: {error.strerror}") from error
