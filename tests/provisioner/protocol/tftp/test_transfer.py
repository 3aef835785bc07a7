"""Conversations: `<< packet` is what the server sends, `>> packet` what it hears."""

from __future__ import annotations

import pytest

from provisioner.protocol.tftp.negotiation import negotiate
from provisioner.protocol.tftp.packet import (
    Ack,
    Data,
    Error,
    OptionAck,
    Packet,
    ReadRequest,
    decode,
    encode,
)
from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_RESENDS,
    Completed,
    Datagrams,
    Failed,
    Transfer,
    error_datagram,
)

pytestmark = pytest.mark.unit


def told(datagrams: Datagrams) -> list[str]:
    def words(packet: Packet) -> str:
        match packet:
            case Data(block, payload):
                return f"<< DATA {block} {payload.decode()!r}"
            case OptionAck(options):
                return "<< OACK " + " ".join(f"{name}={value}" for name, value in options)
            case _:
                raise AssertionError(packet)

    return [words(decode(datagram)) for datagram in datagrams]


def conversation(content: bytes, terms: Terms, *heard: Packet | None) -> list[str]:
    """The conversation; None in `heard` is silence until the deadline. It goes the same way whether or
    not the server prepares what comes next."""
    ways = [converse(content, terms, heard, prepared) for prepared in (False, True)]
    assert ways[0] == ways[1]
    return ways[0]


def converse(
    content: bytes, terms: Terms, heard: tuple[Packet | None, ...], prepared: bool
) -> list[str]:
    transfer = Transfer(content, terms)
    lines = told(transfer.begin(0.0))
    for packet in heard:
        assert transfer.outcome is None
        if prepared:
            transfer.prepare()
        if packet is None:
            lines.append(f">> silence until {transfer.deadline}")
            lines += told(transfer.time_is_up(transfer.deadline))
        else:
            name, number = type(packet).__name__.upper(), getattr(packet, "block", "")
            lines.append(f">> {name} {number}".rstrip())
            lines += told(transfer.received(encode(packet), 0.0))
    if transfer.outcome is None:
        return lines
    return [*lines, f"{transfer.outcome}, {transfer.resent} resent"]


SMALL = Terms(block_size=8)
WINDOW = Terms((("windowsize", "2"),), block_size=8, window=2)


def test_a_read_without_options() -> None:
    assert conversation(b"abcdefghijkl", SMALL, Ack(1), Ack(2)) == [
        "<< DATA 1 'abcdefgh'",
        ">> ACK 1",
        "<< DATA 2 'ijkl'",
        ">> ACK 2",
        "Completed(), 0 resent",
    ]


def test_a_file_of_whole_blocks_ends_with_an_empty_one() -> None:
    assert conversation(b"abcdefgh", SMALL, Ack(1), Ack(2))[-3:] == [
        "<< DATA 2 ''",
        ">> ACK 2",
        "Completed(), 0 resent",
    ]
    assert conversation(b"", SMALL, Ack(1)) == [
        "<< DATA 1 ''",
        ">> ACK 1",
        "Completed(), 0 resent",
    ]


def test_options_are_acknowledged_first() -> None:
    terms = negotiate((("tsize", "0"), ("blksize", "8")), 4, 1468)
    assert conversation(b"abcd", terms, Ack(1), Ack(0), Ack(1)) == [
        "<< OACK tsize=4 blksize=8",
        ">> ACK 1",
        ">> ACK 0",
        "<< DATA 1 'abcd'",
        ">> ACK 1",
        "Completed(), 0 resent",
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
        "Completed(), 0 resent",
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
        "Completed(), 1 resent",
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
        "Failed(problem='the client went silent', confirmed=0), 6 resent",
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
        "Completed(), 3 resent",
    ]


def test_an_ack_that_counts_restores_patience() -> None:
    transfer = Transfer(b"x" * 20, SMALL)
    transfer.begin(0.0)
    for _ in range(3):
        transfer.time_is_up(transfer.deadline)
    transfer.received(encode(Ack(1)), 100.0)
    assert transfer.deadline == 101.0


def test_asking_for_the_size_and_breaking_off_is_a_probe() -> None:
    terms = negotiate((("tsize", "0"),), 4, 1468)
    assert conversation(b"abcd", terms, Error(8, "aborted")) == [
        "<< OACK tsize=4",
        ">> ERROR",
        "Probed(), 0 resent",
    ]


@pytest.mark.parametrize(
    ("terms", "heard"),
    [
        (Terms((("blksize", "8"),), block_size=8), (Error(8, "no"),)),
        (SMALL, (Ack(1), Error(3, "disk full"))),
    ],
)
def test_breaking_off_otherwise_is_a_failure(terms: Terms, heard: tuple[Packet, ...]) -> None:
    transfer = Transfer(b"x" * 20, terms)
    transfer.begin(0.0)
    for packet in heard:
        transfer.received(encode(packet), 0.0)
    assert isinstance(transfer.outcome, Failed)
    assert transfer.outcome.problem.startswith("the client broke off: error")
    assert transfer.outcome.confirmed == (8 if len(heard) == 2 else 0)


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\0\4",
        encode(Data(1, b"")),
        encode(OptionAck(())),
        encode(ReadRequest("a", "octet")),
        b"\xff" * 20,
    ],
)
def test_what_no_client_sends_changes_nothing(datagram: bytes, prepared: bool) -> None:
    transfer = Transfer(b"abcd", SMALL)
    transfer.begin(0.0)
    if prepared:
        transfer.prepare()
    assert transfer.received(datagram, 0.0) == ()
    assert transfer.outcome is None
    assert transfer.received(encode(Ack(1)), 0.0) == ()
    assert transfer.outcome == Completed()


def test_an_ack_with_padding_counts() -> None:
    """A tunnel pads datagrams; a server of another provisioner refused them."""
    transfer = Transfer(b"x" * 12, SMALL)
    transfer.begin(0.0)
    assert told(transfer.received(encode(Ack(1)) + bytes(42), 0.0)) == ["<< DATA 2 'xxxx'"]


@pytest.mark.parametrize("prepared", [False, True])
def test_block_numbers_go_round(prepared: bool) -> None:
    """More than 65,535 blocks: 0 follows 65,535."""
    transfer = Transfer(bytes(8 * 65_540), SMALL)
    transfer.begin(0.0)
    for number in range(1, 65_542):
        assert transfer.outcome is None
        if prepared:
            transfer.prepare()
        transfer.received(encode(Ack(number % 65_536)), 0.0)
    assert transfer.outcome == Completed()


def test_a_file_that_is_lost_is_told_to_the_client_by_an_error() -> None:
    transfer = Transfer(b"x" * 20, SMALL)
    transfer.begin(0.0)
    transfer.received(encode(Ack(1)), 0.0)
    transfer.fail("gone")
    assert transfer.outcome == Failed("gone", 8)
    assert decode(error_datagram("gone")) == Error(0, "gone")


def test_what_is_granted_is_said_as_the_codec_has_it() -> None:
    granted = (("tsize", "20"), ("blksize", "8"))
    assert Transfer(b"x" * 20, Terms(granted, 8)).begin(0.0) == (encode(OptionAck(granted)),)
