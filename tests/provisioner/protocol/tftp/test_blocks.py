from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.blocks import Blocks, blocks_of, shared_blocks
from provisioner.protocol.tftp.packet import Ack, Data, decode, encode
from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import Datagrams, Transfer

pytestmark = pytest.mark.unit

MEGABYTE = 1 << 20


@dataclass
class Source:
    """A content of so many bytes, each part like no other, which counts how often it is read."""

    size: int
    reads: list[int] = field(default_factory=list[int])
    hindered: bool = False

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice, /) -> bytes:
        if self.hindered:
            raise OSError("unplugged")
        self.reads.append(part.start)
        words = b"".join(at.to_bytes(4) for at in range(part.start // 4, part.stop // 4 + 1))
        return words[part.start % 4 : part.start % 4 + part.stop - part.start]


@given(st.binary(max_size=400), st.integers(8, 70))
def test_packets_are_the_codecs_whoever_shares_them(content: bytes, block_size: int) -> None:
    own, shared = blocks_of(content, block_size), shared_blocks(content, block_size)
    parts = [content[at : at + block_size] for at in range(0, len(content) + 1, block_size)]
    for number, part in enumerate(parts, start=1):
        assert own(number) == shared(number) == shared(number) == encode(Data(number, part))
    assert len(parts[-1]) < block_size


@pytest.mark.parametrize("number", [65_535, 65_536, 65_537, 131_073])
def test_numbers_go_round_and_blocks_do_not(number: int) -> None:
    source = Source(8 * 140_000)
    shared = shared_blocks(source, 8)
    shared(max(1, number - 65_536))
    part = Source(8 * 140_000)[8 * (number - 1) : 8 * number]
    assert shared(number) == encode(Data(number % 65_536, part))


@given(st.lists(st.integers(1, 60), max_size=200))
def test_what_is_no_longer_kept_is_made_again(numbers: list[int]) -> None:
    """Fifteen packets of this size are kept."""
    source = Source(59 * 65_464 + 5)
    own, shared = blocks_of(source, 65_464), shared_blocks(source, 65_464)
    for number in numbers:
        assert shared(number) == own(number)


def test_a_block_is_read_once_for_all_who_ask() -> None:
    source = Source(100_000)
    shared = shared_blocks(source, 1000)
    for _ in range(64):
        for number in range(1, 102):
            shared(number)
    assert source.reads == list(range(0, 100_001, 1000))


@pytest.mark.parametrize("block_size", [8, 512, 1408, 65_464])
def test_about_a_megabyte_is_kept(block_size: int) -> None:
    source = Source(8 * MEGABYTE)
    shared = shared_blocks(source, block_size)
    tracemalloc.start()
    try:
        for number in range(1, min(len(source) // block_size, 20_000)):
            shared(number)
        source.reads.clear()
        assert tracemalloc.get_traced_memory()[0] < 1.2 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_hindrance_is_not_kept() -> None:
    source = Source(100)
    shared = shared_blocks(source, 8)
    source.hindered = True
    for _ in range(2):
        with pytest.raises(OSError, match="unplugged"):
            shared(1)
    source.hindered = False
    assert shared(1) == blocks_of(source, 8)(1)


class Same:
    """A transfer twice: alone, and with packets that others send too. Both say the same."""

    def __init__(self, content: bytes, window: int, shared: Blocks) -> None:
        terms = Terms((("windowsize", str(window)),), 8, window)
        self.pair = Transfer(content, terms, shared), Transfer(content, terms)
        self.last = 0
        self.say(lambda one: one.begin(0.0))

    def say(self, what: Callable[[Transfer], Datagrams]) -> None:
        sharing, alone = ([*what(one), one.outcome] for one in self.pair)
        assert sharing == alone
        heard = [decode(one) for one in sharing if isinstance(one, bytes)]
        self.last = max([self.last, *(one.block for one in heard if isinstance(one, Data))])

    def hear(self, lost: int | None, prepared: bool) -> None:
        """All but so many blocks of what was sent, or nothing for too long."""
        if self.pair[0].outcome is not None:
            return
        if prepared:
            self.pair[0].prepare()
        if lost is None:
            self.say(lambda one: one.time_is_up(one.deadline))
        else:
            ack = encode(Ack(max(0, self.last - lost)))
            self.say(lambda one: one.received(ack, 0.0))


@given(
    st.binary(max_size=200),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 0, 0, 1, 2, 3, None])), max_size=150),
    st.booleans(),
)
def test_a_crowd_with_shared_packets_gets_what_each_would_get_alone(
    content: bytes, windows: list[int], turns: list[tuple[int, int | None]], prepared: bool
) -> None:
    """Whoever is ahead, has lost packets, or is silent."""
    shared = shared_blocks(content, 8)
    crowd = [Same(content, window, shared) for window in windows]
    for number, lost in turns:
        crowd[number % len(crowd)].hear(lost, prepared)
