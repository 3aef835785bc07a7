"""Writes a raw disk image in the form in which machines install it fastest.

A zstd file: first a skippable frame (RFC 8878, 3.1.2) with a JSON map, then one frame for every MiB
of the image that isn't all zeros; `provisioner/agent/image_stream.py` reads it.
    {"chunk":1048576,"chunks":[[index,compressed_length],…],"format":"harmony-chunks-1","size":N}
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from provisioner.images.zstd import compressed

MAGIC = 0x184D2A50
FORMAT = "harmony-chunks-1"
CHUNK = 1 << 20
BATCH = 64


def write_chunked_image(raw: Path, out: Path, level: int = 3, threads: int = 2) -> None:
    """Writes `raw` (a sparse disk image) to `out`; the same bytes for the same image and libzstd."""
    size = raw.stat().st_size
    chunks: list[tuple[int, int]] = []
    with raw.open("rb") as source, tempfile.TemporaryFile(dir=out.parent) as frames:
        for index, frame in _frames(source, level, threads):
            chunks.append((index, len(frame)))
            frames.write(frame)
        document = {"chunk": CHUNK, "chunks": chunks, "format": FORMAT, "size": size}
        header = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
        frames.seek(0)
        with out.open("wb") as target:
            target.write(struct.pack("<II", MAGIC, len(header)) + header)
            shutil.copyfileobj(frames, target, CHUNK)


def _frames(source: IO[bytes], level: int, threads: int) -> Iterator[tuple[int, bytes]]:
    """Index and frame of every chunk that isn't all zeros; the first always is one."""
    compress = partial(compressed, level=level)
    chunks = _chunks(source)
    with ThreadPoolExecutor(threads) as pool:
        while batch := tuple(islice(chunks, BATCH)):
            frames = pool.map(compress, (chunk for _, chunk in batch))
            yield from zip((index for index, _ in batch), frames, strict=True)


def _chunks(source: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The file's holes are skipped without being read."""
    index = 0
    while True:
        source.seek(index * CHUNK)
        chunk = source.read(CHUNK)
        if index == 0 or chunk.strip(b"\0"):
            yield index, chunk
        try:
            data = os.lseek(source.fileno(), (index + 1) * CHUNK, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            return
        index = data // CHUNK
