"""Conversations: `<< packet` is what the server sends, `>> packet` what it hears."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.negotiation import Terms, negotiate
from provisioner.protocol.tftp.packet import Ack, Data, Error, OptionAck, Packet, ReadRequest
from provisioner.protocol.tftp.transfer import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_RESENDS,
    Completed,
    Failed,
    Sending,
    Step,
    received,
    start,
    time_is_up,
)

pytestmark = pytest.mark.unit


def told(packets: tuple[Packet, ...]) -> list[str]:
    def words(packet: Packet) -> str:
        match packet:
            case Data(block, payload):
                return f"<< DATA {block} {payload.decode()!r}"
            case OptionAck(options):
                return "<< OACK " + " ".join(f"{name}={value}" for name, value in options)
            case _:
                raise AssertionError(packet)

    return [words(packet) for packet in packets]


def conversation(content: bytes, terms: Terms, *heard: Packet | None) -> list[str]:
    """The conversation; None in `heard` is silence until the deadline."""
    step = start(content, terms, 0.0)
    lines = told(step.packets)
    for packet in heard:
        sending = step.transfer
        assert isinstance(sending, Sending), step
        if packet is None:
            lines.append(f">> silence until {sending.deadline}")
            step = time_is_up(sending, sending.deadline)
        else:
            name, number = type(packet).__name__.upper(), getattr(packet, "block", "")
            lines.append(f">> {name} {number}".rstrip())
            step = received(sending, packet, 0.0)
        lines += told(step.packets)
    return [*lines, *([] if isinstance(step.transfer, Sending) else [repr(step.transfer)])]


SMALL = Terms(block_size=8)
WINDOW = Terms((("windowsize", "2"),), block_size=8, window=2)


def test_a_read_without_options() -> None:
    assert conversation(b"abcdefghijkl", SMALL, Ack(1), Ack(2)) == [
        "<< DATA 1 'abcdefgh'",
        ">> ACK 1",
        "<< DATA 2 'ijkl'",
        ">> ACK 2",
        "Completed(resent_packets=0)",
    ]


def test_a_file_of_whole_blocks_ends_with_an_empty_one() -> None:
    assert conversation(b"abcdefgh", SMALL, Ack(1), Ack(2))[-3:] == [
        "<< DATA 2 ''",
        ">> ACK 2",
        "Completed(resent_packets=0)",
    ]
    assert conversation(b"", SMALL, Ack(1)) == [
        "<< DATA 1 ''",
        ">> ACK 1",
        "Completed(resent_packets=0)",
    ]


def test_options_are_acknowledged_first() -> None:
    terms = negotiate((("tsize", "0"), ("blksize", "8")), 4, 1468)
    assert conversation(b"abcd", terms, Ack(1), Ack(0), Ack(1)) == [
        "<< OACK tsize=4 blksize=8",
        ">> ACK 1",
        ">> ACK 0",
        "<< DATA 1 'abcd'",
        ">> ACK 1",
        "Completed(resent_packets=0)",
    ]


def test_the_sorcerers_apprentice_is_not_employed() -> None:
    """RFC 1123, 4.2.3.1: ACKs that come twice never make a block come twice."""
    heard = (Ack(1), Ack(1), Ack(1), Ack(0), Ack(2), Ack(1), Ack(3))
    assert conversation(b"abcdefghijklmnopqrst", SMALL, *heard) == [
        "<< DATA 1 'abcdefgh'",
        ">> ACK 1",
        "<< DATA 2 'ijklmnop'",
        ">> ACK 1",
        ">> ACK 1",
        ">> ACK 0",
        ">> ACK 2",
        "<< DATA 3 'qrst'",
        ">> ACK 1",
        ">> ACK 3",
        "Completed(resent_packets=0)",
    ]


def test_a_window_goes_on_from_where_the_client_lost_a_block() -> None:
    content = b"1111111122222222333333334444"
    assert conversation(content, WINDOW, Ack(0), Ack(1), Ack(3), Ack(4)) == [
        "<< OACK windowsize=2",
        ">> ACK 0",
        "<< DATA 1 '11111111'",
        "<< DATA 2 '22222222'",
        ">> ACK 1",
        "<< DATA 2 '22222222'",
        "<< DATA 3 '33333333'",
        ">> ACK 3",
        "<< DATA 4 '4444'",
        ">> ACK 4",
        "Completed(resent_packets=1)",
    ]


def test_an_ack_of_what_was_not_sent_is_passed_over() -> None:
    assert conversation(b"1111111122222222", SMALL, Ack(2), Ack(9)) == [
        "<< DATA 1 '11111111'",
        ">> ACK 2",
        ">> ACK 9",
    ]


def test_silence_is_answered_with_the_same_window_and_more_patience() -> None:
    assert conversation(b"abcd", SMALL, *[None] * (MOST_RESENDS + 1)) == [
        "<< DATA 1 'abcd'",
        ">> silence until 1.0",
        "<< DATA 1 'abcd'",
        ">> silence until 3.0",
        "<< DATA 1 'abcd'",
        ">> silence until 7.0",
        "<< DATA 1 'abcd'",
        ">> silence until 15.0",
        "<< DATA 1 'abcd'",
        ">> silence until 23.0",
        "<< DATA 1 'abcd'",
        ">> silence until 31.0",
        "<< DATA 1 'abcd'",
        ">> silence until 39.0",
        "Failed(problem='the client went silent', confirmed=0)",
    ]
    assert (FIRST_WAIT, LONGEST_WAIT) == (1.0, 8.0)


def test_a_negotiated_wait_does_not_grow() -> None:
    terms = Terms((("timeout", "3"),), block_size=8, timeout=3)
    assert conversation(b"abcd", terms, None, None, Ack(0), None, Ack(1)) == [
        "<< OACK timeout=3",
        ">> silence until 3.0",
        "<< OACK timeout=3",
        ">> silence until 6.0",
        "<< OACK timeout=3",
        ">> ACK 0",
        "<< DATA 1 'abcd'",
        ">> silence until 3.0",
        "<< DATA 1 'abcd'",
        ">> ACK 1",
        "Completed(resent_packets=3)",
    ]


def test_an_ack_that_counts_restores_patience() -> None:
    step = start(b"x" * 20, SMALL, 0.0)
    for _ in range(3):
        assert isinstance(step.transfer, Sending)
        step = time_is_up(step.transfer, step.transfer.deadline)
    assert isinstance(step.transfer, Sending)
    step = received(step.transfer, Ack(1), 100.0)
    assert isinstance(step.transfer, Sending)
    assert (step.transfer.resends, step.transfer.deadline) == (0, 101.0)


def test_asking_for_the_size_and_breaking_off_is_a_probe() -> None:
    terms = negotiate((("tsize", "0"),), 4, 1468)
    assert conversation(b"abcd", terms, Error(8, "aborted")) == [
        "<< OACK tsize=4",
        ">> ERROR",
        "Probed()",
    ]


@pytest.mark.parametrize(
    ("terms", "heard"),
    [
        (Terms((("blksize", "8"),), block_size=8), (Error(8, "no"),)),
        (SMALL, (Ack(1), Error(3, "disk full"))),
    ],
)
def test_breaking_off_otherwise_is_a_failure(terms: Terms, heard: tuple[Packet, ...]) -> None:
    step = start(b"x" * 20, terms, 0.0)
    for packet in heard:
        assert isinstance(step.transfer, Sending)
        step = received(step.transfer, packet, 0.0)
    assert isinstance(step.transfer, Failed)
    assert step.transfer.problem.startswith("the client broke off: error")
    assert step.transfer.confirmed == (8 if len(heard) == 2 else 0)


def test_packets_that_no_client_sends_change_nothing() -> None:
    sending = start(b"abcd", SMALL, 0.0).transfer
    assert isinstance(sending, Sending)
    for packet in (Data(1, b""), OptionAck(()), ReadRequest("a", "octet")):
        assert received(sending, packet, 0.0) == Step(sending)


def test_block_numbers_go_round() -> None:
    """More than 65,535 blocks: 0 follows 65,535."""
    content = bytes(8 * 65_540)
    step = start(content, SMALL, 0.0)
    for number in range(1, 65_542):
        assert isinstance(step.transfer, Sending)
        step = received(step.transfer, Ack(number % 65_536), 0.0)
    assert step.transfer == Completed(0)


@dataclass
class Client:
    """One per RFC 7440: takes the next block, and acknowledges the last that it has in order."""

    content: bytes = b""
    blocks: int = 0
    done: bool = False

    def hears(self, packets: tuple[Packet, ...]) -> Ack:
        for packet in packets:
            if isinstance(packet, Data) and packet.block == self.blocks + 1 and not self.done:
                self.content += packet.payload
                self.blocks += 1
                self.done = len(packet.payload) < 8
        return Ack(self.blocks)


def acknowledged(sending: Sending, acks: list[Ack]) -> Step:
    """What the ACKs lead to, up to the first that makes the server speak; silence where none does."""
    for ack in acks:
        step = received(sending, ack, 0.0)
        if step.packets or not isinstance(step.transfer, Sending):
            return step
    return time_is_up(sending, sending.deadline)


@given(
    st.binary(max_size=120),
    st.integers(1, 5),
    st.lists(st.sampled_from(["deliver", "lose", "duplicate", "late"]), max_size=60),
)
def test_a_bad_network_delays_and_never_corrupts(
    content: bytes, window: int, weather: list[str]
) -> None:
    """Whatever it loses, doubles and delays of what both say."""
    granted = (("windowsize", str(window)),) if window > 1 else ()
    step = start(content, Terms(granted, block_size=8, window=window), 0.0)
    client, late, turns = Client(), list[Ack](), iter(weather)
    while isinstance(step.transfer, Sending):
        action = next(turns, "deliver")
        ack = None if action == "lose" else client.hears(step.packets)
        copies = {"deliver": 1, "lose": 0, "duplicate": 2, "late": 0}[action]
        acks = [*late, *([ack] * copies if ack is not None else [])]
        late = [ack] if action == "late" and ack is not None else []
        step = acknowledged(step.transfer, acks)
    if isinstance(step.transfer, Completed):
        assert client.content == content
    else:
        assert isinstance(step.transfer, Failed)
        assert weather.count("lose") + weather.count("late") > MOST_RESENDS
