"""Frames that the zstd program writes, decoded; damaged ones are told."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.agent.zstd import CorruptFrame, FrameDecoder

pytestmark = pytest.mark.unit

CAPACITY = 1 << 16


def compressed(content: bytes) -> bytes:
    return subprocess.run(
        ["zstd", "-q", "-c"], input=content, check=True, capture_output=True
    ).stdout


def test_one_frame_after_the_other_into_one_buffer() -> None:
    decoder = FrameDecoder(CAPACITY)
    for content in (b"a" * CAPACITY, bytes(range(256)) * 8, b"x"):
        assert decoder.decode(compressed(content), len(content)) == content


@pytest.mark.parametrize("length", [99, 101])
def test_a_frame_of_another_length(length: int) -> None:
    with pytest.raises(CorruptFrame):
        FrameDecoder(CAPACITY).decode(compressed(b"a" * 100), length)


def test_a_frame_that_does_not_fit() -> None:
    with pytest.raises(CorruptFrame):
        FrameDecoder(CAPACITY).decode(compressed(bytes(CAPACITY + 1)), CAPACITY)


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_noise(noise: bytes) -> None:
    with pytest.raises(CorruptFrame):
        FrameDecoder(CAPACITY).decode(noise, 100)
