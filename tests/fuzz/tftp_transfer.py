"""Any datagrams of one client to our TFTP server: the first a request, the others while it is sent.

Each is sent twice, once with the next window made ahead: nobody may notice.
"""

from __future__ import annotations

import struct
import sys
from itertools import count

import atheris

from tests.fuzz.datagrams import parted

with atheris.instrument_imports(include=["provisioner.protocol"]):
    from provisioner.protocol.errors import MalformedTftpPacket
    from provisioner.protocol.tftp.negotiation import negotiate
    from provisioner.protocol.tftp.packet import (
        OptionAck,
        Packet,
        ReadRequest,
        WriteRequest,
        decode,
        encode,
    )
    from provisioner.protocol.tftp.request import refusal, safe_path, to_netascii
    from provisioner.protocol.tftp.terms import Terms
    from provisioner.protocol.tftp.transfer import Transfer

CONTENT = bytes(range(256)) * 40
LARGEST_BLOCK = 1468
DATA = b"\0\3"


def one_input(data: bytes) -> None:
    datagrams = parted(data)
    packets = [packet_in(datagram) for datagram in datagrams]
    request = packets[0] if packets else None
    if request is None or refusal(request) is not None:
        return
    assert isinstance(request, ReadRequest)
    judge_path(safe_path(request.filename))
    content = CONTENT if request.mode == "octet" else to_netascii(CONTENT)
    terms = negotiate(request.options, len(content), LARGEST_BLOCK)
    sent = conversation(content, terms, datagrams[1:], ahead=False)
    assert conversation(content, terms, datagrams[1:], ahead=True) == sent
    for turn in sent:
        judge(turn, terms, content)


def packet_in(datagram: bytes) -> Packet | None:
    try:
        packet = decode(datagram)
    except MalformedTftpPacket:
        return None
    if says_something(packet):
        assert decode(encode(packet)) == packet
    return packet


def says_something(packet: Packet) -> bool:
    """A mode or an option of no letters says nothing, and the last one is lost; an OACK of none as well."""
    match packet:
        case ReadRequest(_, mode, options) | WriteRequest(_, mode, options):
            return all((mode, *(text for option in options for text in option)))
        case OptionAck(options):
            return bool(options) and all(text for option in options for text in option)
        case _:
            return True


def judge_path(path: str | None) -> None:
    if path is not None:
        assert not path.startswith("/")
        assert not {"..", "", "."}.intersection(path.split("/"))
        assert "\0" not in path


def conversation(
    content: bytes, terms: Terms, datagrams: list[bytes], *, ahead: bool
) -> list[tuple[bytes, ...]]:
    """What is sent in each turn; now and then nothing comes from the client for long."""
    transfer = Transfer(content, terms)
    turns = [tuple(transfer.begin(0.0))]
    for now, datagram in zip(count(1.0), datagrams, strict=False):
        if transfer.outcome is not None:
            break
        if ahead:
            transfer.prepare()
        turns.append(tuple(transfer.received(datagram, now)))
        if transfer.outcome is None and now % 3 == 2:
            turns.append(tuple(transfer.time_is_up(now)))
    return turns


def judge(turn: tuple[bytes, ...], terms: Terms, content: bytes) -> None:
    """Never more than a window at a time, never a block that is too long, always the file's bytes."""
    blocks = [datagram for datagram in turn if datagram.startswith(DATA)]
    assert len(turn) <= terms.window
    for block in blocks:
        (number,) = struct.unpack_from("!H", block, 2)
        assert len(block) - 4 <= terms.block_size <= LARGEST_BLOCK
        assert block[4:] == content[(number - 1) * terms.block_size :][: terms.block_size]


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
