"""Any datagrams of one client to our TFTP server: the first a request, the others while it is sent."""

from __future__ import annotations

import sys

import atheris

from tests.fuzz.datagrams import parted

with atheris.instrument_imports(include=["provisioner.protocol"]):
    from provisioner.protocol.errors import MalformedTftpPacket
    from provisioner.protocol.tftp.negotiation import negotiate
    from provisioner.protocol.tftp.packet import (
        Data,
        OptionAck,
        Packet,
        ReadRequest,
        WriteRequest,
        decode,
        encode,
    )
    from provisioner.protocol.tftp.request import refusal, safe_path, to_netascii
    from provisioner.protocol.tftp.transfer import Sending, Step, received, start, time_is_up

CONTENT = bytes(range(256)) * 40
LARGEST_BLOCK = 1468


def one_input(data: bytes) -> None:
    packets = [packet for datagram in parted(data) if (packet := packet_in(datagram))]
    if not packets or refusal(packets[0]) is not None:
        return
    request = packets[0]
    assert isinstance(request, ReadRequest)
    path = safe_path(request.filename)
    if path is not None:
        assert not path.startswith("/")
        assert not {"..", "", "."}.intersection(path.split("/"))
        assert "\0" not in path
    content = CONTENT if request.mode == "octet" else to_netascii(CONTENT)
    send(request, content, packets[1:])


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


def send(request: ReadRequest, content: bytes, packets: list[Packet]) -> None:
    step = start(content, negotiate(request.options, len(content), LARGEST_BLOCK), 0.0)
    for now, packet in enumerate(packets):
        judge(step, content)
        if not isinstance(step.transfer, Sending):
            return
        step = received(step.transfer, packet, float(now))
        if isinstance(step.transfer, Sending) and now % 3 == 2:
            step = time_is_up(step.transfer, float(now))
    judge(step, content)


def judge(step: Step, content: bytes) -> None:
    """Never more than a window in one turn, never a block that is too long, always the file's bytes."""
    data = [packet for packet in step.packets if isinstance(packet, Data)]
    if not isinstance(step.transfer, Sending):
        assert not data
        return
    terms = step.transfer.terms
    assert len(data) <= terms.window
    assert all(len(one.payload) <= terms.block_size <= LARGEST_BLOCK for one in data)
    for one in data:
        assert one.payload == content[(one.block - 1) * terms.block_size :][: terms.block_size]


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
