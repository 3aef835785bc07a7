"""Frames by libzstd: what the zstd program makes, to the byte, and can read."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from provisioner.images.zstd import compressed

pytestmark = pytest.mark.unit

WORDS = [random.Random(1).randbytes(60) for _ in range(500)]
CONTENT = b"".join(random.Random(2).choices(WORDS, k=100_000))


def zstd(*arguments: str, told: bytes = b"") -> bytes:
    return subprocess.run(["zstd", *arguments], input=told, check=True, capture_output=True).stdout


def test_a_frame_is_what_the_zstd_program_makes(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(CONTENT)
    program = zstd("-q", "-12", "-T2", "-c", str(plain))
    assert compressed(CONTENT, 12, checksum=True, threads=2) == program


@pytest.mark.parametrize("content", [b"", b"a", CONTENT])
@pytest.mark.parametrize("checksum", [False, True])
def test_the_zstd_program_reads_it(content: bytes, checksum: bool) -> None:
    frame = compressed(content, 3, checksum=checksum)
    assert zstd("-dcq", told=frame) == content
