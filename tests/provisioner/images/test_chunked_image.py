"""The image in chunks: a zstd file without the zeros, and the same again when read."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from provisioner.agent.image_stream import CHUNK, read_map
from provisioner.agent.zstd import FrameDecoder
from provisioner.images.chunked_image import write_chunked_image
from tests.provisioner.agent.recording_disk import BytesSource

pytestmark = pytest.mark.unit


def write_sparse(path: Path, size: int, parts: dict[int, bytes]) -> None:
    with path.open("wb") as file:
        file.truncate(size)
        for offset, content in parts.items():
            file.seek(offset)
            file.write(content)


def read_back(served: Path) -> bytes:
    source = BytesSource(served.read_bytes())
    image = read_map(source.read_exactly)
    raw = bytearray(image.size)
    decoder = FrameDecoder(CHUNK)
    for chunk in image.chunks:
        content = decoder.decode(source.read_exactly(chunk.frame), chunk.length)
        raw[chunk.offset : chunk.offset + chunk.length] = content
    assert source.position == len(source.content)
    return bytes(raw)


PARTS: tuple[dict[int, bytes], ...] = (
    {},
    {0: b"head"},
    {5 * CHUNK - 2: b"over the edge"},
    {CHUNK: bytes(CHUNK), 70 * CHUNK: random.Random(1).randbytes(3 * CHUNK)},
    {90 * CHUNK + 511: b"\1"},
)


@pytest.mark.parametrize("parts", PARTS, ids=lambda parts: str(sorted(parts)))
def test_what_is_written_is_read(parts: dict[int, bytes], tmp_path: Path) -> None:
    raw, served = tmp_path / "raw", tmp_path / "served"
    write_sparse(raw, 90 * CHUNK + 512, parts)
    write_chunked_image(raw, served)
    assert read_back(served) == raw.read_bytes()


def test_zeros_are_not_in_the_file_and_zstd_can_read_it(tmp_path: Path) -> None:
    raw, served = tmp_path / "raw", tmp_path / "served"
    content = random.Random(2).randbytes(CHUNK)
    write_sparse(raw, 4096 * CHUNK, {0: content, 8 * CHUNK: bytes(CHUNK), 2000 * CHUNK: content})
    write_chunked_image(raw, served)
    assert served.stat().st_size < 2 * CHUNK + 4096
    plain = subprocess.run(["zstd", "-dcq", str(served)], check=True, capture_output=True).stdout
    assert plain == content + content


def test_the_same_image_makes_the_same_bytes(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    write_sparse(raw, 200 * CHUNK, {n * CHUNK: bytes([n + 1]) * 99 for n in range(0, 200, 3)})
    for threads, name in ((1, "a"), (4, "b")):
        write_chunked_image(raw, tmp_path / name, threads=threads)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
