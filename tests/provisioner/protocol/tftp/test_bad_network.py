"""A transfer and a client, with a network between them that loses, doubles, delays and shuffles."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.packet import Ack, Data, decode, encode
from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import (
    MOST_RESENDS,
    Completed,
    Datagrams,
    Failed,
    Transfer,
)

pytestmark = pytest.mark.unit


@dataclass
class Client:
    """One per RFC 7440: takes the next block, and acknowledges the last that it has in order."""

    content: bytes = b""
    blocks: int = 0
    done: bool = False

    def hears(self, datagrams: Datagrams) -> Ack:
        for packet in map(decode, datagrams):
            if isinstance(packet, Data) and packet.block == self.blocks + 1 and not self.done:
                self.content += packet.payload
                self.blocks += 1
                self.done = len(packet.payload) < 8
        return Ack(self.blocks)


def acknowledged(transfer: Transfer, acks: list[Ack]) -> Datagrams:
    """What the ACKs lead to, up to the first that makes the server speak; silence where none does."""
    for ack in acks:
        datagrams = transfer.received(encode(ack), 0.0)
        if datagrams or transfer.outcome is not None:
            return datagrams
    return transfer.time_is_up(transfer.deadline)


@given(
    st.binary(max_size=120),
    st.integers(1, 5),
    st.lists(st.sampled_from(["deliver", "lose", "duplicate", "late", "shuffle"]), max_size=60),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_a_bad_network_delays_and_never_corrupts(
    content: bytes, window: int, weather: list[str], prepared: bool, random: Random
) -> None:
    """Whatever it loses, doubles, delays and shuffles of what both say."""
    granted = (("windowsize", str(window)),) if window > 1 else ()
    transfer = Transfer(content, Terms(granted, block_size=8, window=window))
    datagrams = transfer.begin(0.0)
    client, late, turns = Client(), list[Ack](), iter(weather)
    while transfer.outcome is None:
        action = next(turns, "deliver")
        if action == "shuffle":
            datagrams = random.sample(datagrams, len(datagrams))
        ack = None if action == "lose" else client.hears(datagrams)
        copies = {"duplicate": 2, "lose": 0, "late": 0}.get(action, 1)
        acks = [*late, *([ack] * copies if ack is not None else [])]
        late = [ack] if action == "late" and ack is not None else []
        if prepared:
            transfer.prepare()
        datagrams = acknowledged(transfer, acks)
    if transfer.outcome == Completed():
        assert client.content == content
    else:
        assert isinstance(transfer.outcome, Failed)
        assert len([one for one in weather if one not in ("deliver", "duplicate")]) > MOST_RESENDS


@given(st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 65_535]), max_size=40), st.integers(1, 4))
def test_no_run_of_acks_makes_more_packets_than_one_window_each(
    acks: list[int], window: int
) -> None:
    """RFC 1123, 4.2.3.1, for any client: one that says everything twice is not answered twice."""
    granted = (("windowsize", str(window)),) if window > 1 else ()
    transfer = Transfer(b"x" * 44, Terms(granted, 8, window))
    transfer.begin(0.0)
    answered: set[int] = set()
    for ack in acks:
        if transfer.outcome is not None:
            break
        datagrams = transfer.received(encode(Ack(ack)), 0.0)
        assert len(datagrams) <= window
        assert transfer.received(encode(Ack(ack)), 0.0) == ()
        if datagrams:
            assert ack not in answered
            answered.add(ack)
