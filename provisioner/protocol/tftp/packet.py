"""TFTP packets and their codec (RFC 1350, section 5; options RFC 2347).

Decoding is total: any bytes give a `Packet` or raise `MalformedTftpPacket`. Text is read as
Latin-1, so that every byte of a name survives.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias, assert_never

from provisioner.protocol.errors import MalformedTftpPacket

_TWO_WORDS = struct.Struct("!HH")
_ENCODING = "latin-1"


class Opcode(IntEnum):
    READ_REQUEST = 1
    WRITE_REQUEST = 2
    DATA = 3
    ACK = 4
    ERROR = 5
    OPTION_ACK = 6


class ErrorCode(IntEnum):
    """RFC 1350's, and 8 of RFC 2347. A peer's error may carry any other number."""

    NOT_DEFINED = 0
    FILE_NOT_FOUND = 1
    ACCESS_VIOLATION = 2
    ILLEGAL_OPERATION = 4
    OPTIONS_REFUSED = 8


Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """`mode` and the names of options are lower case; `options` in the order sent."""

    filename: str
    mode: str
    options: Options = ()


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """Like a ReadRequest."""

    filename: str
    mode: str
    options: Options = ()


@dataclass(frozen=True, slots=True)
class Data:
    """`block` is the number on the wire, modulo 65,536."""

    block: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Ack:
    """`block` is the number on the wire, modulo 65,536."""

    block: int


@dataclass(frozen=True, slots=True)
class Error:
    """Ends the transfer. Not an exception: a packet."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class OptionAck:
    """What the server grants of the options asked for."""

    options: Options


Packet: TypeAlias = ReadRequest | WriteRequest | Data | Ack | Error | OptionAck


def decode(data: bytes) -> Packet:
    """The packet in a datagram. Raises MalformedTftpPacket for anything else."""
    if len(data) < 4:
        raise MalformedTftpPacket(f"{len(data)} bytes are too few for a TFTP packet")
    opcode, second = _TWO_WORDS.unpack_from(data)
    match opcode:
        case Opcode.READ_REQUEST:
            return ReadRequest(*_request(data[2:]))
        case Opcode.WRITE_REQUEST:
            return WriteRequest(*_request(data[2:]))
        case Opcode.DATA:
            return Data(second, data[4:])
        case Opcode.ACK:
            return Ack(second)
        case Opcode.ERROR:
            return Error(second, data[4:].partition(b"\0")[0].decode(_ENCODING))
        case Opcode.OPTION_ACK:
            return OptionAck(_options(_texts(data[2:])))
        case _:
            raise MalformedTftpPacket(f"opcode {opcode}")


def encode(packet: Packet) -> bytes:
    """The datagram's payload."""
    match packet:
        case ReadRequest(filename, mode, options):
            return _texts_packet(Opcode.READ_REQUEST, (filename, mode), options)
        case WriteRequest(filename, mode, options):
            return _texts_packet(Opcode.WRITE_REQUEST, (filename, mode), options)
        case Data(block, payload):
            return _TWO_WORDS.pack(Opcode.DATA, block) + payload
        case Ack(block):
            return _TWO_WORDS.pack(Opcode.ACK, block)
        case Error(code, message):
            return _TWO_WORDS.pack(Opcode.ERROR, code) + message.encode(_ENCODING) + b"\0"
        case OptionAck(options):
            return _texts_packet(Opcode.OPTION_ACK, (), options)
        case _:
            assert_never(packet)


def _request(body: bytes) -> tuple[str, str, Options]:
    texts = _texts(body)
    if len(texts) < 2 or not texts[0]:
        raise MalformedTftpPacket("a request without a file name or a mode")
    return texts[0], texts[1].lower(), _options(texts[2:])


def _texts(body: bytes) -> list[str]:
    """The NUL-ended texts. Some ROMs leave the last NUL out; others send padding after it."""
    texts = body.decode(_ENCODING).split("\0")
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _options(texts: list[str]) -> Options:
    """Names with their values; a name without a value is not an option."""
    return tuple(
        (name.lower(), value) for name, value in zip(texts[::2], texts[1::2], strict=False)
    )


def _texts_packet(opcode: Opcode, texts: tuple[str, ...], options: Options) -> bytes:
    everything = (*texts, *(text for option in options for text in option))
    body = b"".join(text.encode(_ENCODING) + b"\0" for text in everything)
    return struct.pack("!H", opcode) + body
